import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { knownRings } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { signing } from '../../domain/change-request/review.js';
import { heldIn, holdKey, holds, holdsStream } from '../../domain/holds/holds.js';
import type { OpenReview } from '../../domain/holds/review-events.js';
import { releasePolicy, releasePolicyStream } from '../../domain/release-policy/release-policy.js';

/** A hold in force that is older than upstream for too long, and that nobody has evaluated since that was said. */
export interface OverdueHold extends OpenReview {
  readonly ring: string;
  readonly name: string;
  readonly channel: string;
  readonly architecture: string;
  readonly version: string;
  /** Whether the person who asks may evaluate it. */
  readonly asksYou: boolean;
}

/** What waits to be evaluated, in every ring. */
export class ListOverdueHolds extends Query<readonly OverdueHold[]> {
  /** @param roles of who asks */
  constructor(readonly roles: readonly string[]) {
    super();
  }
}

@QueryHandler(ListOverdueHolds)
export class ListOverdueHoldsHandler implements IQueryHandler<ListOverdueHolds> {
  constructor(@Inject(STREAM_WRITER) private readonly streams: StreamWriter) {}

  async execute({ roles }: ListOverdueHolds): Promise<readonly OverdueHold[]> {
    const overdue: OverdueHold[] = [];
    for (const ring of await knownRings(this.streams)) {
      const { state } = await this.streams.load(holds, holdsStream(ring));
      const { state: policy } = await this.streams.load(releasePolicy, releasePolicyStream(ring));
      const asksYou = signing(roles, ring).length > 0;
      for (const held of heldIn(policy)) {
        const review = state.get(holdKey(held))?.review;
        if (!review) continue;
        const { name, version, target } = held;
        const { channel, architecture } = target;
        overdue.push({ ring, name, channel, architecture, version, ...review, asksYou });
      }
    }
    return overdue;
  }
}
