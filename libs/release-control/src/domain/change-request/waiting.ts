import type { ApprovalPolicy } from '../approval-policy/approval-policy.js';
import { frozenAt } from '../approval-policy/freeze.js';
import type { ChangeItem } from './change-item.js';
import type { ResolvedChange } from './events.js';
import { soakWait, type SoakFacts, type SoakWait } from './soak.js';
import { trailReviewWait, type TrailFacts, type TrailReviewWait } from './trail-review.js';
import type { ChangeWindow } from './window.js';

/** A freeze of the ring keeps an approved change from taking effect. */
interface FreezeWait {
  readonly for: 'freeze';
  /** RFC 3339, UTC. */
  readonly until: string;
  /** Its reason. */
  readonly why: string;
}

/** What keeps an approved change from taking effect for some time. */
export type Wait = FreezeWait | SoakWait | TrailReviewWait;

/** What a ring asks for at a moment, how the ring stands that it asks for the soak in, and how far the trail of the change is reviewed. */
export interface WaitFacts {
  readonly policy: ApprovalPolicy;
  /** Where the policy has a rule of soak. */
  readonly soak?: SoakFacts | undefined;
  /** Where the policy asks for a review of the trail. */
  readonly trail?: TrailFacts | undefined;
}

interface Waiting {
  readonly items: readonly ChangeItem[];
  /** Those in the ring; absent before they are captured. */
  readonly changes?: readonly ResolvedChange[];
}

/**
 * What a ring's policy has a change wait for at a time: of several, for what ends last. A change of nothing but the approval policy gives devices nothing, is signed by as many as other changes are, and is how a freeze
 * is lifted: it waits for none.
 * @param at RFC 3339
 */
export function waitAt(request: Waiting, facts: WaitFacts, at: string): Wait | null {
  if (request.items.every(({ kind }) => kind === 'approval-policy')) return null;
  const frozen = frozenAt(facts.policy.freezes ?? [], at);
  const freeze: Wait | null = frozen && { for: 'freeze', until: frozen.until, why: frozen.why };
  const all = [freeze, soakOf(request, facts, at), trailOf(request, facts)].filter((each) => each !== null);
  return all.reduce<Wait | null>(
    (last, each) => (last === null || endsLater(each, last) ? each : last),
    null,
  );
}

/** What has no known end ends last. */
function endsLater(one: Wait, other: Wait): boolean {
  if (other.until === null) return false;
  return one.until === null || one.until >= other.until;
}

function trailOf(request: Waiting, { policy, trail }: WaitFacts): TrailReviewWait | null {
  if (policy.trailReviewed === undefined) return null;
  if (trail === undefined) throw new Error('nothing is known of how far the trail is reviewed');
  return trailReviewWait(trail, request);
}

/** What the soak of a policy's rule waits for alone; null: nothing. */
export function soakOf(request: Waiting, { policy, soak }: WaitFacts, at: string): SoakWait | null {
  if (policy.soak === undefined) return null;
  if (soak === undefined) throw new Error(`nothing is known of how ring ${policy.soak.ring} stands`);
  return soakWait(policy.soak, soak, request, at);
}

/** What it would wait for if it was approved now, and its policy stayed as it is; for who is to decide. @param now RFC 3339 */
export function waitAhead(
  request: Waiting & { readonly window: ChangeWindow },
  facts: WaitFacts,
  now: string,
): Wait | null {
  const { notBefore = now } = request.window;
  return waitAt(request, facts, notBefore > now ? notBefore : now);
}
