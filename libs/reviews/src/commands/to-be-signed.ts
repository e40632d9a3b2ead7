import type { ToBeSigned } from '#kernel';
import { ReviewsError } from '../domain/errors.js';
import { kindOfId, meaningOf, type ReviewMeaning } from '../domain/kinds.js';
import { RECORD_KIND } from '../domain/review/record.js';

/** What a signature of a review says; a review's id says its kind. @throws ReviewsError `no-such-review` */
export function toBeSigned(id: string): ToBeSigned<ReviewMeaning> {
  const kind = kindOfId(id);
  if (kind === undefined) throw new ReviewsError('no-such-review', `there is no review ${id}`);
  return { meaning: meaningOf(kind), recordKind: RECORD_KIND, record: id };
}
