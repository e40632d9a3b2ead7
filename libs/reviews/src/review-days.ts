/** For whoever asks when a review is due: the site's periods, as `ReviewDays`. */
export const REVIEW_DAYS = Symbol('days from one review of a kind to the next');
