import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { pageOf } from '#platform/http/page';
import type { ReadModels } from '#platform/http/read-models';
import { utc } from '#platform/read-models/utc';
import { READ_MODELS } from '#platform/tokens';
import { upstreamRelease } from '#release-control/published';

/** A held target for which upstream has another revision, or a newer snap-declaration than the one that was approved with it. */
export interface Candidate {
  readonly ring: string;
  readonly name: string;
  readonly snapId: string;
  readonly channel: string;
  readonly architecture: string;
  /** Its version is null where upstream never showed it. */
  readonly held: { readonly revision: number; readonly version: string | null; readonly gone: boolean };
  readonly upstream: {
    readonly revision: number;
    readonly version: string;
    /** Where the revision comes from: the channel itself, or the one that a closed channel follows. */
    readonly channel: string;
    /** In upstream's words. */
    readonly releasedAt: string;
    /** Since when we know: the event's position and time. */
    readonly since: { readonly position: string; readonly at: string };
  };
  /**
   * Revisions of the snap-declaration, where upstream's is newer. It says what the snap may connect to: devices get it when the revision is
   * approved again, with it.
   */
  readonly declaration: { readonly approved: number; readonly upstream: number } | null;
}

export interface CandidatePage {
  readonly candidates: readonly Candidate[];
  /** Give it as `after` for the next page; null when this was the last one. */
  readonly next: string | null;
}

export class ListCandidates extends Query<CandidatePage> {
  constructor(
    readonly filter: {
      readonly ring: string;
      readonly snap?: string | undefined;
      readonly after?: string | undefined;
      readonly limit: number;
    },
  ) {
    super();
  }
}

@QueryHandler(ListCandidates)
export class ListCandidatesHandler implements IQueryHandler<ListCandidates> {
  constructor(@Inject(READ_MODELS) private readonly readModels: ReadModels) {}

  async execute({ filter }: ListCandidates): Promise<CandidatePage> {
    const { ring, snap = null, after, limit } = filter;
    const [name = null, channel = null, architecture = null] = after?.split(' ') ?? [];
    const rows = await this.readModels.query<Candidate>(CANDIDATES, [
      ring,
      snap,
      name,
      channel,
      architecture,
      limit + 1,
    ]);
    const page = pageOf(
      'candidates',
      rows,
      limit,
      (last) => `${last.name} ${last.channel} ${last.architecture}`,
    );
    return { candidates: page.rows, next: page.next };
  }
}

const CANDIDATES = `
select held.ring, held.name, held.subject as "snapId", held.channel, held.architecture,
  json_build_object('revision', held.version::bigint, 'version', known.version, 'gone', coalesce(known.gone, false))
    as held,
  json_build_object('revision', upstream.revision, 'version', upstream.version, 'channel', upstream.channel,
    'releasedAt', upstream.released_at, 'since', json_build_object('position', upstream.since_position::text,
    'at', ${utc('upstream.since_at')})) as upstream,
  case when snap.declaration_revision > approved.declaration
    then json_build_object('approved', approved.declaration, 'upstream', snap.declaration_revision) end as declaration
from read.override_v1 as held
join lateral (${upstreamRelease('held')}) as upstream on true
join read.upstream_snap_v1 as snap on snap.snap_id = held.subject
left join read.approved_declaration_v1 as approved
  on (approved.ring, approved.format, approved.subject, approved.channel, approved.architecture)
    = (held.ring, held.format, held.subject, held.channel, held.architecture)
left join read.upstream_revision_v1 as known
  on known.snap_id = held.subject and known.revision = held.version::bigint
where held.to_position is null and held.format = 'snap' and held.ring = $1 and ($2::text is null or held.name = $2)
  and (upstream.revision <> held.version::bigint or snap.declaration_revision > approved.declaration)
  and ($3::text is null or (held.name, held.channel, held.architecture) > ($3, $4, $5))
order by held.name, held.channel, held.architecture limit $6`;
