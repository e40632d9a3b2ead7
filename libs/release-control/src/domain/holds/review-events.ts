import type { DomainEvent } from '#kernel';
import type { Behind } from './behind.js';
import type { Held } from './held.js';

/** A hold is older than upstream for longer than the site lets one be without somebody having looked (R37). */
export type HoldOverdueForReview = DomainEvent<
  'HoldOverdueForReview',
  Held &
    Behind & {
      readonly at: string;
      /** Whole ones, for which it is behind. */
      readonly days: number;
      /** After so many the site asks for a review. */
      readonly afterDays: number;
    }
>;

/** Somebody who signs looked at it: it stays for a while, why, and what is done about the risk meanwhile. The reason is the envelope's. */
export type HoldEvaluated = DomainEvent<
  'HoldEvaluated',
  Held & {
    /** What upstream had when it was said to be overdue. */
    readonly upstream: string;
    /** What upstream had when they looked, which they named; absent where that was not asked for yet. */
    readonly seen?: string;
    readonly mitigation: string;
    /** RFC 3339, UTC: then it is overdue again, if it is still behind. */
    readonly until: string;
    readonly at: string;
    readonly by: string;
  }
>;

/** What waits to be evaluated; null: nothing. */
export type OpenReview = Pick<HoldOverdueForReview['data'], 'upstream' | 'since' | 'at' | 'days'>;
/** `upstream`: what whoever evaluated it saw. */
export type Evaluation = Pick<HoldEvaluated['data'], 'upstream' | 'mitigation' | 'until' | 'at' | 'by'>;
