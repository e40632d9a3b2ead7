import type { Decider } from '#kernel';
import type { ReviewCommand } from './commands.js';
import { decide } from './decide.js';
import type { ReviewEvent } from './events.js';
import { evolve } from './evolve.js';
import { noReview, type Review } from './state.js';

/** A review of who may do what, of a period, or of a range of the trail (R12, R28, R36): content that is frozen, what reviewers say of it, their signatures. */
export const review: Decider<ReviewCommand, ReviewEvent, Review> & {
  readonly versions: { readonly [Type in ReviewEvent['type']]: 1 };
} = {
  initialState: noReview,
  versions: {
    ReviewOpened: 1,
    RightsDecided: 1,
    FindingRecorded: 1,
    ReviewSigned: 1,
    ReviewCompleted: 1,
    TrailReviewRefused: 1,
    ReviewWithdrawn: 1,
    NextReviewOverdue: 1,
    DeviationClosed: 1,
    DeviationEscalated: 1,
  },
  decide,
  evolve,
};
