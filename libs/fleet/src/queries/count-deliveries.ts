import type { ReadModels } from '#platform/http/read-models';
import { inRing, SAID } from './said.js';

/** A snap's revision. */
export interface SnapRevision {
  readonly snapId: string;
  readonly revision: number;
}

/** Of how many devices whose serial the store has accepted, each once; of those that it did not accept, nobody can say how many there are. */
export interface DeliveryCount extends SnapRevision {
  readonly offered: number;
  /** Downloaded to its end. */
  readonly downloaded: number;
  /** Named in the device's last report. */
  readonly installed: number;
}

/**
 * What the nodes of a ring have recorded of each of these revisions, in the order given.
 * @throws HttpError `not-yet-projected`, `unavailable`
 */
export async function countDeliveries(
  readModels: Pick<ReadModels, 'query'>,
  ring: string,
  revisions: readonly SnapRevision[],
  /** RFC 3339: only what was offered and downloaded from then on; undefined: ever. */
  since?: string,
): Promise<readonly DeliveryCount[]> {
  if (revisions.length === 0) return [];
  return readModels.query<DeliveryCount>(COUNT, [
    null,
    ring,
    revisions.map(({ snapId }) => snapId),
    revisions.map(({ revision }) => revision),
    since ?? null,
  ]);
}

const COUNT = `
with ${SAID}, asked as (
  select * from unnest($3::text[], $4::bigint[]) with ordinality as given (snap_id, revision, place)
), got as (
  select asked.place,
    count(distinct (brand, model, serial)) filter (where offered > 0 and ($5::timestamptz is null or offered_at >= $5)) as offered,
    count(distinct (brand, model, serial)) filter (where completed > 0 and ($5::timestamptz is null or completed_at >= $5)) as downloaded
  from asked join read.delivery_v3 as delivery using (snap_id, revision)
  where proof = 'store' and ${inRing('delivery')}
  group by 1
), had as (
  select asked.place, count(distinct (said.brand, said.model, said.serial)) as installed
  from said cross join lateral jsonb_to_recordset(said.snaps) as snap("snapId" text, revision bigint)
    join asked on asked.snap_id = snap."snapId" and asked.revision = snap.revision
  where said.proof = 'store'
  group by 1
)
select asked.snap_id as "snapId", asked.revision::float8, coalesce(got.offered, 0)::float8 as offered,
  coalesce(got.downloaded, 0)::float8 as downloaded, coalesce(had.installed, 0)::float8 as installed
from asked left join got using (place) left join had using (place)
order by asked.place`;
