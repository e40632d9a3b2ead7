import type { Evaluation, OpenReview } from './review-events.js';

/** Who answers for a hold, which risk was accepted with it, and until when. */
export type HoldTerms = {
  /** A login; of who asked for an end that was signed, and whose hold nobody took, the name. */
  readonly owner: string;
  /** Why it is acceptable not to take what upstream has. */
  readonly risk: string;
  /** RFC 3339, UTC; null: for as long as the hold. */
  readonly expiresAt: string | null;
};

export interface HoldState {
  /** Null: nobody has said any. */
  readonly terms: HoldTerms | null;
  /** The end that the following was said of; null: nothing was said yet. */
  readonly saidOf: string | null;
  /** The fewest days that were reminded of; null: none yet. */
  readonly reminded: number | null;
  readonly expired: boolean;
  /** What came of it was signed, and came about: other terms do not have it come again. */
  readonly ended: boolean;
  /** That it is overdue for review, and nobody has evaluated it since. */
  readonly review: OpenReview | null;
  /** The last one. */
  readonly evaluation: Evaluation | null;
}

/** By {@link holdKey}. */
export type Holds = ReadonlyMap<string, HoldState>;
