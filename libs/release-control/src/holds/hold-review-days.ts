/** For whoever asks after how many days what is not applied is to be looked at: the site's `hold-review-days`. */
export const HOLD_REVIEW_DAYS = Symbol('days after which what is not applied is to be looked at');

export const USUAL_HOLD_REVIEW_DAYS = 30;
