import type { ChangeItem } from './change-item.js';
import type { ResolvedChange } from './events.js';

/** What of now decides whether the trail of a change is reviewed: numbers of events in the request's own stream, and never a read model. */
export interface TrailFacts {
  /** What was decided on it last: its approval, or, of a plan, what came of the ring before. Null: it is not approved yet. */
  readonly decided: bigint | null;
  /** Up to here a signed review of the trail has it; null: none has. */
  readonly reviewed: bigint | null;
}

/** An approved change waits until the trail of it is reviewed (R15). No time is known: it is for somebody to do. */
export interface TrailReviewWait {
  readonly for: 'trail-review';
  readonly until: null;
  readonly why: string;
}

/** What versions wait for under the rule; null: nothing, or there are none, as for soak. */
export function trailReviewWait(
  { decided, reviewed }: TrailFacts,
  { items, changes }: { readonly items: readonly ChangeItem[]; readonly changes?: readonly ResolvedChange[] },
): TrailReviewWait | null {
  const setsVersion = changes
    ? changes.some(({ kind, new: choice }) => kind === undefined && choice !== null)
    : items.some(mayBringVersion);
  if (!setsVersion) return null;
  if (decided !== null && reviewed !== null && reviewed >= decided) return null;
  const upTo = decided === null ? 'its approval' : `event ${decided} of its record`;
  return { for: 'trail-review', until: null, why: `no signed review of the trail has it up to ${upTo}` };
}

/** Before it is captured, a promotion may bring some. */
function mayBringVersion(item: ChangeItem): boolean {
  return item.kind === 'promotion' || (item.kind === undefined && item.version !== null);
}
