import type pg from 'pg';
import { ok, warn, type Finding } from '../finding.js';

const CHECK = 'node keys';
const SOON_MS = 30 * 86_400_000;

/** By the read model, which names the newest key of each proxy. @param now milliseconds since the epoch */
export async function checkNodeKeys(client: pg.ClientBase, now: number): Promise<Finding> {
  const { rows: there } = await client.query<{ view: string | null }>(
    "select to_regclass('read.node_v2')::text as view",
  );
  if ((there[0]?.view ?? null) === null) return ok(CHECK, 'no read model names a proxy yet');
  const { rows } = await client.query<{ name: string; key_expires_at: Date }>(
    `select name, key_expires_at from read.node_v2 where status = 'enrolled' and key_expires_at < $1 order by key_expires_at`,
    [new Date(now + SOON_MS)],
  );
  const [first] = rows;
  if (first === undefined) return ok(CHECK, 'no key of a proxy ends within 30 days');
  const says = `${rows.length} ${rows.length === 1 ? 'key of a proxy ends' : 'keys of proxies end'} within 30 days or ended, first that of ${first.name}: ${first.key_expires_at.toISOString()}`;
  return warn(
    CHECK,
    says,
    `a proxy makes a new key by itself once it reaches control: start it, and see to its way there; after the end, "holdfast nodes invite ${first.name}"`,
  );
}
