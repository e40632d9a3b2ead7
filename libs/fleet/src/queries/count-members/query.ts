import type { ReadModels } from '#platform/http/read-models';
import { utc } from '#platform/read-models/utc';
import { ringOf, SAID } from '../said.js';

/** How many devices are in a ring by one rule, as they last said to whichever proxy. */
export interface MembersCount {
  readonly ring: string;
  /** The rule that was stamped on their last report; null: no rule named them, and it was the ring of the proxy that they asked. */
  readonly rule: string | null;
  /** Whose serial the store has accepted. */
  readonly devices: number;
  /** Reports that no store vouches for: of how many devices, nobody can say. */
  readonly unidentified: number;
  /** RFC 3339, UTC, by the clock of the proxy. */
  readonly lastSaidAt: string;
}

/** @throws HttpError `not-yet-projected`, `unavailable` */
export async function countMembers(readModels: Pick<ReadModels, 'query'>): Promise<readonly MembersCount[]> {
  return readModels.query<MembersCount>(COUNT, [null, null]);
}

const COUNT = `
with ${SAID}
select ${ringOf('said')} as ring, rule, (count(*) filter (where proof = 'store'))::float8 as devices,
  (count(*) filter (where proof <> 'store'))::float8 as unidentified, ${utc('max(said_at)')} as "lastSaidAt"
from said group by 1, 2 order by 1, 2 nulls last`;
