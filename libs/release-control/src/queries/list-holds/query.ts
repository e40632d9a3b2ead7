import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Reason } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { showRevision } from '#platform/given-command';
import type { ReadModels } from '#platform/http/read-models';
import { utc } from '#platform/read-models/utc';
import { READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import type { HoldExpiry } from '../../domain/change-request/hold-expiry.js';
import { heldIn, holdKey, holds, holdsStream, isOver, type HoldTerms } from '../../domain/holds/holds.js';
import type { Evaluation, OpenReview } from '../../domain/holds/review-events.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';
import { upstreamRelease } from '../upstream-release.js';

/** A hold in force, with what there is to say of it. Times: RFC 3339, UTC. */
export interface HoldLine {
  readonly ring: string;
  readonly name: string;
  readonly channel: string;
  readonly architecture: string;
  readonly version: string;
  readonly since: { readonly at: string; readonly changeRequest: string };
  /** Of the change request. */
  readonly reason: Reason | null;
  /** What upstream has instead, and since when we know; null where it is the same, or nothing is known. */
  readonly newer: { readonly version: string; readonly since: string } | null;
  /** The end that was signed with it; null: none was. */
  readonly expiry: (HoldExpiry & { readonly expired: boolean }) | null;
  readonly terms: (HoldTerms & { readonly expired: boolean }) | null;
  /** That it is older than upstream for too long, and nobody has evaluated it since. */
  readonly review: OpenReview | null;
  /** Until when it may stay behind, and what is done about that; the last word on it. */
  readonly evaluation: Evaluation | null;
}

export class ListHolds extends Query<readonly HoldLine[]> {
  constructor(readonly ring: string) {
    super();
  }
}

interface Row extends Omit<HoldLine, 'reason' | 'terms' | 'expiry' | 'review' | 'evaluation'> {
  readonly format: string;
  readonly subject: string;
}

@QueryHandler(ListHolds)
export class ListHoldsHandler implements IQueryHandler<ListHolds> {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  async execute({ ring }: ListHolds): Promise<readonly HoldLine[]> {
    const { state, revision } = await this.streams.load(holds, holdsStream(ring));
    showRevision(revision);
    const rows = await this.readModels.query<Row>(HELD, [ring]);
    const reasons = await this.reasonsOf(rows);
    const { state: policy } = await this.streams.load(releasePolicy, releasePolicyStream(ring));
    const ends = new Map(heldIn(policy).map((held) => [holdKey(held), held.expiry]));
    return rows.map(({ format, subject, ...row }) => {
      const { channel, architecture, version } = row;
      const target = { format, subject, channel, architecture };
      const known = state.get(holdKey({ target, version }));
      const end = ends.get(holdKey({ target, version }));
      const expiry = end ? { ...end, expired: isOver(known, end.at) } : null;
      const said = known?.terms;
      const terms = said ? { ...said, expired: isOver(known, end?.at ?? said.expiresAt) } : null;
      const { review = null, evaluation = null } = known ?? {};
      const why = reasons.get(row.since.changeRequest) ?? null;
      return { ...row, reason: why, expiry, terms, review, evaluation };
    });
  }

  /** By id of the change request: one may hold thousands. */
  private async reasonsOf(rows: readonly Row[]): Promise<ReadonlyMap<string, Reason>> {
    const reasons = new Map<string, Reason>();
    for (const id of new Set(rows.map(({ since }) => since.changeRequest))) {
      const { state } = await this.streams.load(changeRequest, changeRequestStream(id));
      if (state.status !== 'none') reasons.set(id, state.reason);
    }
    return reasons;
  }
}

const HELD = `
select held.ring, held.format, held.subject, held.name, held.channel, held.architecture, held.version,
  json_build_object('at', ${utc('held.from_at')}, 'changeRequest', held.change_request) as since,
  case when upstream.revision::text <> held.version
    then json_build_object('version', upstream.revision::text, 'since', ${utc('upstream.since_at')}) end as newer
from read.override_v1 as held left join lateral (${upstreamRelease('held')}) as upstream on true
where held.to_position is null and held.ring = $1 order by held.name, held.channel, held.architecture`;
