import type pg from 'pg';
import { ok, type Finding } from '../finding.js';
import { damaged, RESTORE, type Sealed } from './ledger.js';

const CHECK = 'ledger: proxies';

/** The newest policy that a proxy says it obeys, and who says so. */
export interface Obeyed {
  readonly node: string;
  readonly position: bigint;
}

/**
 * What proxies obey was signed when there was that much history, and they never go back behind it: they remember a database and a ledger that were rolled back
 * together. As they said last, signed with their keys.
 */
export async function checkProxies(client: pg.ClientBase, sealed: Sealed): Promise<Finding> {
  const { rows: said } = await client.query<{ node: string; position: string }>(
    `select node, policy_position as position from fleet.heartbeat where policy_position is not null
     order by policy_position::numeric desc, node limit 1`,
  );
  const { rows: counted } = await client.query<{ next: string }>(
    'select coalesce(max(e.position) + 1, 0)::text as next from events.event e',
  );
  const [newest] = said;
  const obeyed = newest && { node: newest.node, position: BigInt(newest.position) };
  return judgeProxies(obeyed, BigInt(counted[0]?.next ?? '0'), sealed);
}

/** @param next the position after the last event */
export function judgeProxies(obeyed: Obeyed | undefined, next: bigint, sealed: Sealed): Finding {
  if (!obeyed) return ok(CHECK, 'no proxy has said yet what it obeys');
  const policy = `proxy ${obeyed.node} obeys a signed policy of position ${obeyed.position}`;
  if (obeyed.position >= next)
    return damaged(CHECK, `${policy}, and the database has ${next} events: it was rolled back`, RESTORE);
  if (sealed === 'never')
    return damaged(CHECK, `${policy}, and neither place of the ledger has a checkpoint`, RESTORE);
  return ok(
    CHECK,
    `no proxy obeys a policy that is newer than the history: the newest is of position ${obeyed.position}`,
  );
}
