import { expect, it } from 'vitest';
import { byWorker, specify } from '#test/support/decider-specification';
import {
  firstDue,
  firstReviews,
  FIRST_REVIEWS_STREAM,
  type FirstReviewOverdue,
  type NoteFirstOverdue,
} from './first-reviews.js';

const { given } = specify(firstReviews);
const DUE = '2027-02-20T00:00:00.000Z';
const note = (at: string, kind: NoteFirstOverdue['kind'] = 'access'): NoteFirstOverdue => ({
  type: 'NoteFirstOverdue',
  kind,
  due: DUE,
  context: byWorker(FIRST_REVIEWS_STREAM, { at }),
});
const overdue = (kind: NoteFirstOverdue['kind'] = 'access'): FirstReviewOverdue => ({
  type: 'FirstReviewOverdue',
  data: { kind, due: DUE },
});

it('R12, R28, R36: a kind of review that was never done is due one period after the founding', () => {
  expect(firstDue('2026-11-22T00:00:00.000Z', 90)).toBe(DUE);
});

it('R12, R28, R36: that it is overdue is said once for each kind, and not before', () => {
  given().when(note('2027-02-19T23:59:59.999Z')).thenNothing();
  given().when(note(DUE)).then(overdue());
  given(overdue()).when(note('2027-03-01T00:00:00.000Z')).thenNothing();
  given(overdue()).when(note(DUE, 'trail')).then(overdue('trail'));
});
