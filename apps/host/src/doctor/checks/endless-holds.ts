import type pg from 'pg';
import { decodeEvent } from '#kernel';
import { rings as ringsOf, RINGS_STREAM, type RingCreated } from '#fleet/domain/rings/rings';
import { BUILT_IN_POLICY, type ApprovalRules } from '#release-control/domain/approval-policy/approval-policy';
import { signaturesForEndlessHold } from '#release-control/domain/approval-policy/endless-holds';
import { ok, type Finding } from '../finding.js';

const CHECK = 'holds without an end';
const POLICIES = 'release-policy/';

/** Which rings let one person sign a hold without an end (R38): it is for their approval policy to ask for a second one (ADR 0047). */
export async function checkEndlessHolds(client: pg.ClientBase): Promise<Finding> {
  const made = await newestOf(client, 'RingCreated');
  const set = await newestOf(client, 'ApprovalPolicySet');
  const last = made.get(RINGS_STREAM) as RingCreated['data'] | undefined;
  const rings = last?.order ?? ringsOf.initialState;
  const rulesOf = (ring: string) =>
    (set.get(`${POLICIES}${ring}`) as { readonly new: ApprovalRules } | undefined)?.new ?? BUILT_IN_POLICY;
  const named = rings.filter((ring) => signaturesForEndlessHold(rulesOf(ring)) < 2);
  if (named.length === 0) return ok(CHECK, 'two persons sign one at least, in every ring');
  return ok(
    CHECK,
    `one signature is enough in ${named.length === 1 ? 'ring' : 'rings'} ${named.join(', ')}, by its approval policy (hold-without-expiry)`,
  );
}

/** The data of the newest event of a type, by stream. */
async function newestOf(client: pg.ClientBase, type: string): Promise<ReadonlyMap<string, unknown>> {
  const { rows } = await client.query<{ stream: string; bytes: Buffer }>(
    'select distinct on (e.stream) e.stream, e.bytes from events.event e where e.type = $1 order by e.stream, e.stream_revision desc',
    [type],
  );
  return new Map(rows.map(({ stream, bytes }) => [stream, decodeEvent(bytes).data]));
}
