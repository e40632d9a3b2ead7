import { CodedError } from '#kernel';

export type ReviewsErrorCode =
  // what was asked for is not well-formed
  | 'reason-required'
  | 'invalid-period'
  | 'invalid-due'
  | 'beyond-the-trail'
  | 'review-too-large'
  | 'invalid-decisions'
  // who asks may not
  | 'not-a-reviewer'
  | 'own-line'
  | 'reviewer-acted'
  | 'already-signed'
  | 'signature-required'
  // the record is not in the state for it
  | 'no-such-review'
  | 'no-such-deviation'
  | 'deviation-closed'
  | 'review-exists'
  | 'review-open'
  | 'review-over'
  | 'wrong-kind'
  | 'trail-gap'
  | 'nothing-to-review'
  | 'undecided-lines'
  | 'verifier-result-missing'
  | 'rights-changed'
  | 'record-changed'
  | 'signed-meanwhile';

export class ReviewsError extends CodedError<ReviewsErrorCode> {
  override readonly name = 'ReviewsError';
}
