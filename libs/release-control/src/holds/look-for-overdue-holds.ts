import type { Clock } from '#kernel';
import { knownRings } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { behindUpstream, type OfferChange } from '../domain/holds/behind.js';
import { heldIn, holdKey, holds, holdsStream } from '../domain/holds/holds.js';
import type { HoldOverdueForReview } from '../domain/holds/review-events.js';
import { releasePolicy, releasePolicyStream } from '../domain/release-policy/release-policy.js';
import { lookingAt } from './looking-at.js';

export interface OverduePorts {
  readonly writer: StreamWriter;
  readonly clock: Clock;
  /** What upstream was seen to have of a snap, in order; none of one that was never looked at. */
  readonly offers: (snapId: string) => Promise<readonly OfferChange[]>;
  /** How many days a hold may be older than upstream without a review. */
  readonly afterDays: number;
}

export interface OverdueSeen {
  /** What was said now. */
  readonly events: readonly HoldOverdueForReview[];
  /** How many holds in force wait to be evaluated. */
  readonly waiting: number;
}

/** R37: says of each hold in force that it is older than upstream for too long. Whoever looks again, after a crash too, says nothing twice. */
export async function lookForOverdueHolds({
  writer,
  clock,
  offers,
  afterDays,
}: OverduePorts): Promise<OverdueSeen> {
  const events: HoldOverdueForReview[] = [];
  let waiting = 0;
  for (const ring of await knownRings(writer)) {
    const { state: policy } = await writer.load(releasePolicy, releasePolicyStream(ring));
    const held = heldIn(policy).filter(({ target }) => target.format === 'snap');
    const snaps = Map.groupBy(held, ({ target }) => target.subject);
    for (const [snapId, its] of snaps) {
      const changes = await offers(snapId);
      for (const { target, name, version } of its) {
        const hold = { target, name, version };
        const behind = behindUpstream(target, version, changes);
        if (!behind) continue;
        const text = `A hold is older than upstream for ${afterDays} days.`;
        const context = lookingAt(ring, clock, { code: 'hold-review', text });
        const command = { type: 'ReviewHold', hold, behind, afterDays, context } as const;
        const looked = await writer.decideAndAppend(holds, holdsStream(ring), command);
        for (const event of looked.events) if (event.type === 'HoldOverdueForReview') events.push(event);
        if (looked.state.get(holdKey(hold))?.review) waiting++;
      }
    }
  }
  return { events, waiting };
}
