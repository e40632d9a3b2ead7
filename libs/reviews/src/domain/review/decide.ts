import { inParts, isSamePerson, split } from '#kernel';
import type { Line } from '../content.js';
import { ReviewsError } from '../errors.js';
import { daysAfter, LONGEST_DAYS } from '../kinds.js';
import type { DecideOnRights, OpenReview, RecordFinding, ReviewCommand } from './commands.js';
import { closeDeviation, dueOfDeviation, escalateDeviations } from './deviations.js';
import type { Decision, ReviewEvent } from './events.js';
import { requireReviewer } from './reviewers.js';
import { sign } from './sign.js';
import { contentOf, type OpenReviewState, type Review } from './state.js';

/** @throws ReviewsError */
export function decide(command: ReviewCommand, state: Review): readonly ReviewEvent[] {
  switch (command.type) {
    case 'OpenReview':
      return open(command, state);
    case 'DecideOnRights':
      return decideOnRights(command, requireOpen(state));
    case 'RecordFinding':
      requireOpen(state);
      return [recorded(command)];
    case 'SignReview':
      return [sign(command, requireOpen(state))];
    case 'WithdrawReview':
      requireOpen(state);
      return [{ type: 'ReviewWithdrawn', data: { by: requireReviewer(command.context) } }];
    case 'NoteOverdue':
      if (state.status !== 'completed' || state.overdueSaid || state.nextDue > command.context.at) return [];
      return [{ type: 'NextReviewOverdue', data: { nextDue: state.nextDue } }];
    case 'CloseDeviation':
      return closeDeviation(command, requireBegun(state));
    case 'EscalateDeviations':
      return escalateDeviations(command, requireBegun(state));
  }
}

/** @throws ReviewsError `review-exists`, `not-a-reviewer`, `invalid-due` */
function open({ id, content, nextDue, context }: OpenReview, state: Review): readonly ReviewEvent[] {
  const openedBy = requireReviewer(context);
  if (state.status !== 'none') throw new ReviewsError('review-exists', `${id} is there already`);
  if (!(nextDue > context.at))
    throw new ReviewsError('invalid-due', `the next review cannot be due at ${nextDue}, which has passed`);
  const longest = LONGEST_DAYS[content.kind];
  if (Date.parse(nextDue) > Date.parse(daysAfter(context.at, longest)))
    throw new ReviewsError('invalid-due', `the next review is due within ${longest} days, not at ${nextDue}`);
  const { lines, ...about } = content;
  const opening = { id, openedBy, openedAt: context.at, reason: context.reason, nextDue, content: about };
  return inParts<Line>(lines).map(({ elements, part }) => ({
    type: 'ReviewOpened',
    data: { ...opening, ...part, lines: elements },
  }));
}

/** Each line by somebody whom it is not about. @throws ReviewsError `wrong-kind`, `invalid-decisions`, `own-line` */
function decideOnRights(command: DecideOnRights, review: OpenReviewState): readonly ReviewEvent[] {
  const by = requireReviewer(command.context);
  const lines = contentOf(review, 'access')?.lines;
  if (!lines)
    throw new ReviewsError('wrong-kind', `${review.id} is no access review: it has no rights to decide on`);
  const given = command.decisions;
  if (given.length === 0 || new Set(given.map(({ line }) => line)).size !== given.length)
    throw new ReviewsError('invalid-decisions', 'name each line that is decided on, once');
  for (const { line } of given) {
    const about = lines[line - 1];
    if (!about)
      throw new ReviewsError(
        'invalid-decisions',
        `${review.id} has ${lines.length} lines, and no line ${line}`,
      );
    if (isSamePerson(about.person, by.id, command.context))
      throw new ReviewsError(
        'own-line',
        `line ${line} is about ${by.name}: somebody else decides on it. Nothing was decided`,
      );
  }
  const known = new Map(review.decisions.map((each) => [each.line, each]));
  const news = given
    .map((each): Decision => ({ ...each, by }))
    .filter((each) => !isSame(each, known.get(each.line)));
  if (news.length === 0) return [];
  return split(news).map((decisions) => ({ type: 'RightsDecided', data: { decisions } }));
}

function isSame(one: Decision, other: Decision | undefined): boolean {
  return one.decision === other?.decision && one.comment === other.comment && one.by.id === other.by.id;
}

/** @throws ReviewsError `not-a-reviewer`, `invalid-due` */
function recorded({ finding, context }: RecordFinding): ReviewEvent {
  const by = requireReviewer(context);
  const due = finding.kind === 'deviation' ? { due: dueOfDeviation(finding, context.at) } : {};
  return { type: 'FindingRecorded', data: { finding: { ...finding, ...due, by, at: context.at } } };
}

/** @throws ReviewsError `no-such-review`, `review-over` */
function requireOpen(state: Review): OpenReviewState {
  const review = requireBegun(state);
  if (review.status === 'open') return review;
  throw new ReviewsError('review-over', `${review.id} is ${review.status}: nothing of it changes any more`);
}

/** @throws ReviewsError `no-such-review` */
function requireBegun(state: Review): Exclude<Review, { status: 'none' }> {
  if (state.status !== 'none') return state;
  throw new ReviewsError('no-such-review', 'there is no such review');
}
