import type { ReadModels } from '#platform/http/read-models';
import { SAID } from './said.js';

/** A revision that devices of a ring say they have, on whichever channel. */
export interface RevisionInRing {
  readonly snapId: string;
  readonly architecture: string;
  readonly revision: number;
  /** How many devices whose serial the store has accepted. */
  readonly devices: number;
}

export interface DevicesOfRing {
  /** How many devices whose serial the store has accepted said at last to a node of this ring what they have. */
  readonly devices: number;
  /** How many more reports there are that no store vouches for: of how many devices, nobody can say. */
  readonly unidentified: number;
  readonly revisions: readonly RevisionInRing[];
}

/**
 * How many devices a ring has, as they last said, and what they have of some snaps.
 * @param snapIds whose revisions are wanted
 * @throws HttpError `not-yet-projected`, `unavailable`
 */
export async function devicesOfRing(
  readModels: Pick<ReadModels, 'query'>,
  ring: string,
  snapIds: readonly string[],
): Promise<DevicesOfRing> {
  const [found] = await readModels.query<DevicesOfRing>(DEVICES, [null, ring, snapIds]);
  return found ?? { devices: 0, unidentified: 0, revisions: [] };
}

const DEVICES = `
with ${SAID}, had as (
  select snap."snapId", said.architecture, snap.revision, count(distinct (said.brand, said.model, said.serial)) as devices
  from said cross join lateral jsonb_to_recordset(said.snaps) as snap("snapId" text, revision bigint)
  where said.proof = 'store' and snap."snapId" = any($3)
  group by 1, 2, 3
)
select (count(*) filter (where proof = 'store'))::float8 as devices, (count(*) filter (where proof <> 'store'))::float8 as unidentified,
  (select coalesce(json_agg(had order by "snapId", architecture, revision), '[]') from had) as revisions
from said`;
