import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ReadModels } from '#platform/http/read-models';
import { utc } from '#platform/read-models/utc';
import { READ_MODELS } from '#platform/tokens';
import { SAID } from '../said.js';

/** A revision that devices say they have, on the channel that they track, for one architecture. */
export interface InstalledRevision {
  readonly snapId: string;
  /** By the declaration that was verified at the last look; null where there was none. */
  readonly name: string | null;
  readonly revoked: boolean;
  /** Why the last look at the snap failed, if it did. */
  readonly failure: string | null;
  /** In the devices' words. */
  readonly channel: string;
  readonly architecture: string;
  readonly revision: number;
  /** How many devices have it whose serial the store has accepted. */
  readonly devices: number;
  /**
   * How many reports name it that no store vouches for: those without a session, each different one, and one for each serial under which there is
   * only the word of whoever showed a key. Nobody can say of how many devices they are.
   */
  readonly unidentified: number;
  readonly lastSaidAt: string;
}

export interface InstalledRevisions {
  /** How many devices, and how many reports that no store vouches for, all of it is from. */
  readonly devices: number;
  readonly unidentified: number;
  /** How many snaps they named that no record names. */
  readonly leftOut: number;
  readonly revisions: readonly InstalledRevision[];
  /** There are more than are listed. */
  readonly more: boolean;
}

export class ListInstalledRevisions extends Query<InstalledRevisions> {
  constructor(
    /** RFC 3339: of devices of which nothing newer is recorded, nothing is counted. */
    readonly since: string | undefined,
    readonly limit: number,
    /** Of devices whose last report came to a node of this ring; undefined: of all. */
    readonly ring?: string,
  ) {
    super();
  }
}

type Counts = Pick<InstalledRevisions, 'devices' | 'unidentified' | 'leftOut'>;

@QueryHandler(ListInstalledRevisions)
export class ListInstalledRevisionsHandler implements IQueryHandler<ListInstalledRevisions> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ since, limit, ring }: ListInstalledRevisions): Promise<InstalledRevisions> {
    const [counts] = await this.readModels.query<Counts>(COUNTS, [since ?? null, ring ?? null]);
    const rows = await this.readModels.query<InstalledRevision>(REVISIONS, [
      since ?? null,
      ring ?? null,
      limit + 1,
    ]);
    const { devices, unidentified, leftOut } = counts ?? { devices: 0, unidentified: 0, leftOut: 0 };
    return { devices, unidentified, leftOut, revisions: rows.slice(0, limit), more: rows.length > limit };
  }
}

const COUNTS = `
with ${SAID}
select (count(*) filter (where proof = 'store'))::float8 as devices, (count(*) filter (where proof <> 'store'))::float8 as unidentified,
  coalesce(sum(left_out), 0)::float8 as "leftOut"
from said`;

const REVISIONS = `
with ${SAID}, had as (
  select snap."snapId" as snap_id, snap.channel, said.architecture, snap.revision, max(said.said_at) as said_at,
    count(distinct (said.brand, said.model, said.serial)) filter (where said.proof = 'store') as devices,
    count(distinct (said.brand, said.model, said.serial, said.anonymous)) filter (where said.proof <> 'store') as unidentified
  from said cross join lateral jsonb_to_recordset(said.snaps) as snap("snapId" text, channel text, revision bigint)
  group by 1, 2, 3, 4
)
select had.snap_id as "snapId", upstream.name, coalesce(upstream.revoked, false) as revoked,
  upstream.failure_code || ': ' || coalesce(upstream.failure_message, '') as failure, had.channel, had.architecture,
  had.revision::float8, had.devices::float8, had.unidentified::float8, ${utc('had.said_at')} as "lastSaidAt"
from had left join read.upstream_snap_v1 as upstream on upstream.snap_id = had.snap_id
order by coalesce(upstream.name, had.snap_id), had.snap_id, had.channel, had.architecture, had.revision
limit $3`;
