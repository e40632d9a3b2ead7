import type { CommandContext, Decider, DomainEvent } from '#kernel';
import { daysAfter, type ReviewKind } from '../kinds.js';

/** Of the kinds of review, before there is a review that could say when the next one is due. */
export const FIRST_REVIEWS_STREAM = 'first-reviews';

/** The first review of a kind was due, and none is complete. Once for a kind. `due`: RFC 3339, UTC. */
export type FirstReviewOverdue = DomainEvent<
  'FirstReviewOverdue',
  { readonly kind: ReviewKind; readonly due: string }
>;

/** By the worker, of a kind of which none was ever completed. */
export interface NoteFirstOverdue {
  readonly type: 'NoteFirstOverdue';
  readonly kind: ReviewKind;
  /** RFC 3339, UTC. */
  readonly due: string;
  readonly context: CommandContext;
}

/** Kinds of which it was said. */
export type FirstReviews = readonly ReviewKind[];

/** A kind of review that was never done is overdue as a next one is (R12, R28, R36). */
export const firstReviews: Decider<NoteFirstOverdue, FirstReviewOverdue, FirstReviews> & {
  readonly versions: { FirstReviewOverdue: 1 };
} = {
  initialState: [],
  versions: { FirstReviewOverdue: 1 },
  decide({ kind, due, context }, said) {
    if (said.includes(kind) || due > context.at) return [];
    return [{ type: 'FirstReviewOverdue', data: { kind, due } }];
  },
  evolve: (said, { data }) => [...said, data.kind],
};

/**
 * When the first review of a kind is due: one period after the site's founding. Not after the end of commissioning: rights are given and events happen from
 * the first day on, and a commissioning that nobody closes would put the review off for ever.
 * @param founded RFC 3339 @param days the site's period of the kind
 * @returns RFC 3339, UTC
 */
export function firstDue(founded: string, days: number): string {
  return daysAfter(founded, days);
}
