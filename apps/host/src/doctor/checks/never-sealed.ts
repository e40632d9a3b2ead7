import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { decodeEvent } from '#kernel';
import { fail, ok, type Finding } from '../finding.js';
import { damaged, RESTORE } from './ledger.js';

const CHECK = 'ledger: opens';
/** What happens is sealed within seconds. So long goes by between "holdfast prepare" and the projector's first start as well. */
const LATE_MS = 15 * 60_000;

/** What is there beside a ledger that has a checkpoint in neither place. */
export interface NeverSealed {
  /** How many events the read models have taken, which were sealed before. */
  readonly projected: bigint;
  readonly events: bigint;
  /** The position after the last one. Positions have no gaps. */
  readonly next: bigint;
  /** When the first event that is there was appended, RFC 3339; undefined: there is none, or it cannot be read. */
  readonly since: string | undefined;
  /** Whether the ledger's folder has tiles: only the projector makes them, and signs them next. */
  readonly tiles: boolean;
}

/** Of a ledger that has a checkpoint in neither place: nothing was sealed yet, or all that says what was is gone. */
export async function checkNeverSealed(client: pg.Client, folder: string, now: number): Promise<Finding> {
  const { rows: counted } = await client.query<{ events: string; next: string; there: boolean }>(
    `select count(*)::text as events, coalesce(max(e.position) + 1, 0)::text as next,
       to_regclass('read.projection_checkpoint') is not null as there from events.event e`,
  );
  const { events = '0', next = '0', there = false } = counted[0] ?? {};
  const { rows: first } = await client.query<{ bytes: Buffer }>(
    'select e.bytes from events.event e order by e.position limit 1',
  );
  const projected = there ? await projectedIn(client) : 0n;
  const [since, tiles] = [writtenAt(first[0]?.bytes), await hasTiles(folder)];
  return judgeNeverSealed({ projected, events: BigInt(events), next: BigInt(next), since, tiles }, now);
}

/** @param now milliseconds since 1970 */
export function judgeNeverSealed(
  { projected, events, next, since, tiles }: NeverSealed,
  now: number,
): Finding {
  if (projected > 0n)
    return damaged(
      CHECK,
      `the ledger is gone from both places, and ${projected} events were sealed`,
      RESTORE,
    );
  if (events < next)
    return damaged(
      CHECK,
      `neither place has a checkpoint, and of ${next} events that were appended ${next - events} are gone`,
      RESTORE,
    );
  if (tiles)
    return damaged(
      CHECK,
      'neither place has a checkpoint, and the ledger has tiles',
      `unless the projector was killed as it sealed for the first time, ${RESTORE}`,
    );
  if (events > 0n && (since === undefined || now - Date.parse(since) > LATE_MS))
    return fail(
      CHECK,
      `neither place has a checkpoint, and ${events} events, of ${since ?? 'a time that cannot be read'} on, were never sealed`,
      `if this site was at work before, ${RESTORE}, before the projector begins another ledger; if it is new, look at the log of the projector`,
    );
  return ok(CHECK, 'nothing is sealed yet: the projector begins at its first start');
}

async function projectedIn(client: pg.Client): Promise<bigint> {
  const { rows } = await client.query<{ projected: string }>(
    'select coalesce(max(next_position), 0)::text as projected from read.projection_checkpoint',
  );
  return BigInt(rows[0]?.projected ?? '0');
}

function writtenAt(bytes: Buffer | undefined): string | undefined {
  try {
    return bytes && decodeEvent(bytes).at;
  } catch {
    return undefined;
  }
}

async function hasTiles(folder: string): Promise<boolean> {
  const names = await readdir(path.join(folder, 'tile')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.length > 0;
}
