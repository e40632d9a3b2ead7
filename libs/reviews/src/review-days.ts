import { USUAL_DAYS, type ReviewDays } from './domain/kinds.js';

/** For whoever asks when a review is due: the site's periods, as `ReviewDays`. */
export const REVIEW_DAYS = Symbol('days from one review of a kind to the next');

/** What the site's settings say, in days. */
export interface ReviewIntervals {
  readonly accessReviewInterval?: number | undefined;
  readonly periodicReviewInterval?: number | undefined;
  readonly trailReviewInterval?: number | undefined;
}

export function reviewDaysOf({
  accessReviewInterval = USUAL_DAYS.access,
  periodicReviewInterval = USUAL_DAYS.periodic,
  trailReviewInterval = USUAL_DAYS.trail,
}: ReviewIntervals): ReviewDays {
  return { access: accessReviewInterval, periodic: periodicReviewInterval, trail: trailReviewInterval };
}
