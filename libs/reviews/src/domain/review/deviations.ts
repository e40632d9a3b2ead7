import { ReviewsError } from '../errors.js';
import { daysAfter, LONGEST_DEVIATION_DAYS, USUAL_DEVIATION_DAYS } from '../kinds.js';
import type { CloseDeviation, EscalateDeviations, GivenFinding } from './commands.js';
import type { ClosedDeviation, Finding, ReviewEvent } from './events.js';
import { requireReviewer } from './reviewers.js';
import type { Opened } from './state.js';

/** A finding that is a deviation, and how it stands (R16). */
export interface Deviation {
  /** Its number among the findings of the review, counted from 1. */
  readonly finding: number;
  readonly said: Extract<Finding, { kind: 'deviation' }>;
  /** RFC 3339, UTC. */
  readonly due: string;
  /** Whether it was said that it is overdue. */
  readonly escalated: boolean;
  /** Null: it is open. */
  readonly closed: ClosedDeviation | null;
}

type Found = Pick<Opened, 'findings' | 'closed' | 'escalated'>;

/** In the order in which they were found. */
export function deviationsOf({ findings, closed = [], escalated = [] }: Found): readonly Deviation[] {
  return findings.flatMap((said, i): readonly Deviation[] => {
    if (said.kind !== 'deviation') return [];
    const finding = i + 1;
    return [
      {
        finding,
        said,
        due: said.due ?? daysAfter(said.at, USUAL_DEVIATION_DAYS),
        escalated: escalated.includes(finding),
        closed: closed.find((each) => each.finding === finding) ?? null,
      },
    ];
  });
}

/** Those that are open though they were to be closed by then. @param at RFC 3339, UTC */
export function overdueDeviations(review: Found, at: string): readonly Deviation[] {
  return deviationsOf(review).filter(({ closed, due }) => closed === null && due <= at);
}

/**
 * By when a deviation that is found now is to be closed.
 * @param at RFC 3339, UTC
 * @throws ReviewsError `invalid-due`
 */
export function dueOfDeviation(
  { due: given }: Extract<GivenFinding, { kind: 'deviation' }>,
  at: string,
): string {
  const due = given ?? daysAfter(at, USUAL_DEVIATION_DAYS);
  if (due > at && due <= daysAfter(at, LONGEST_DEVIATION_DAYS)) return due;
  throw new ReviewsError(
    'invalid-due',
    `a deviation is to be closed within ${LONGEST_DEVIATION_DAYS} days, and not at ${due}`,
  );
}

/**
 * Somebody of QA closes a deviation, with the record elsewhere of what was done about it; also of a review that is over, and of an earlier period.
 * @throws ReviewsError `not-a-reviewer`, `no-such-deviation`, `deviation-closed`
 */
export function closeDeviation(
  { finding, ticket, context }: CloseDeviation,
  review: Opened,
): readonly ReviewEvent[] {
  const by = requireReviewer(context);
  const deviation = deviationsOf(review).find((each) => each.finding === finding);
  if (!deviation)
    throw new ReviewsError(
      'no-such-deviation',
      `${review.id} has no deviation ${finding}: "holdfast review show ${review.id}" numbers its deviations`,
    );
  const { closed } = deviation;
  if (closed)
    throw new ReviewsError(
      'deviation-closed',
      `deviation ${finding} of ${review.id} was closed by ${closed.by.name} at ${closed.at}, with ${closed.ticket}`,
    );
  return [{ type: 'DeviationClosed', data: { finding, by, at: context.at, ticket } }];
}

/** Says of each deviation that is due and open, once, that it is. */
export function escalateDeviations({ context }: EscalateDeviations, review: Opened): readonly ReviewEvent[] {
  return overdueDeviations(review, context.at)
    .filter(({ escalated }) => !escalated)
    .map(({ finding, due }) => ({ type: 'DeviationEscalated', data: { finding, due } }));
}
