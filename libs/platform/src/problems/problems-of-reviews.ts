import type { ReviewsErrorCode } from '#reviews/domain/errors';
import { conflict, forbidden, notFound, refused, usage, type ProblemKind } from './problem-kind.js';

/** Those of reviews that no other library has as well. */
export const PROBLEMS_OF_REVIEWS: Readonly<
  Record<
    Exclude<
      ReviewsErrorCode,
      'reason-required' | 'already-signed' | 'signature-required' | 'record-changed' | 'signed-meanwhile'
    >,
    ProblemKind
  >
> = {
  'invalid-period': usage('The period is not valid'),
  'invalid-due': usage('The next review cannot be due then'),
  'beyond-the-trail': usage('The trail does not reach so far'),
  'review-too-large': usage('There is more than one review can hold', 413),
  'invalid-decisions': usage('The decisions are not valid'),
  'not-a-reviewer': forbidden('This takes the role qa in every ring'),
  'own-line': forbidden('Nobody decides on their own rights'),
  'reviewer-acted': forbidden('Nobody reviews what they did themself'),
  'no-such-review': notFound('There is no such review'),
  'no-such-deviation': notFound('There is no such deviation'),
  'deviation-closed': conflict('The deviation is closed'),
  'review-exists': conflict('Somebody else opened a review at the same time'),
  'review-open': conflict('The review before is open still'),
  'review-over': conflict('The review is over'),
  'wrong-kind': conflict('The review is of another kind'),
  'trail-gap': conflict('A review of the trail begins where the last one ended'),
  'nothing-to-review': refused('There is nothing to review'),
  'undecided-lines': conflict('Not every line is decided on'),
  'rights-changed': conflict('Somebody was given a right that the review does not list'),
  'verifier-result-missing': conflict('What the verifier found is not on record'),
};
