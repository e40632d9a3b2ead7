import { isWhole, withPart } from '#kernel';
import type { Content } from '../content.js';
import type { Decision, ReviewEvent, ReviewOpened } from './events.js';
import type { Opened, Review } from './state.js';

/** @throws Error for an event that cannot follow: the history is not this stream's */
export function evolve(state: Review, event: ReviewEvent): Review {
  switch (event.type) {
    case 'ReviewOpened':
      return opened(state, event);
    case 'RightsDecided': {
      const review = inStatus('open', state, event);
      return { ...review, decisions: merged(review.decisions, event.data.decisions) };
    }
    case 'FindingRecorded': {
      const review = inStatus('open', state, event);
      return { ...review, findings: [...review.findings, event.data.finding] };
    }
    case 'ReviewSigned': {
      const review = inStatus('open', state, event);
      return { ...review, signatures: [...review.signatures, event.data.signature] };
    }
    case 'ReviewCompleted': {
      const review = inStatus('open', state, event);
      const { signature, notCounted } = event.data;
      const signatures = [...review.signatures, signature];
      return { ...review, status: 'completed', signatures, notCounted, overdueSaid: false };
    }
    case 'TrailReviewRefused':
      return inStatus('open', state, event);
    case 'ReviewWithdrawn':
      return { ...inStatus('open', state, event), status: 'withdrawn' };
    case 'NextReviewOverdue':
      return { ...inStatus('completed', state, event), overdueSaid: true };
    case 'DeviationClosed': {
      const review = begun(state, event);
      return { ...review, closed: [...(review.closed ?? []), event.data] };
    }
    case 'DeviationEscalated': {
      const review = begun(state, event);
      return { ...review, escalated: [...(review.escalated ?? []), event.data.finding] };
    }
  }
}

function opened(state: Review, { type, data }: ReviewOpened): Review {
  if (state.status !== 'none') throw new Error(`${type} cannot follow when a review is ${state.status}`);
  const { part: _part, content, lines: theirs, ...opening } = data;
  const lines = withPart(state.lines, data, theirs);
  if (!isWhole(lines)) return { status: 'none', lines };
  const begun: Opened = {
    ...opening,
    // Which lines go with which kind was decided when it was opened.
    content: { ...content, lines: lines.elements } as Content,
    decisions: [],
    findings: [],
    signatures: [],
  };
  return { ...begun, status: 'open' };
}

/** The last one on each line, in the order of the lines. */
function merged(before: readonly Decision[], now: readonly Decision[]): readonly Decision[] {
  const byLine = new Map([...before, ...now].map((decision) => [decision.line, decision]));
  return [...byLine.values()].sort((a, b) => a.line - b.line);
}

function begun(state: Review, { type }: ReviewEvent): Exclude<Review, { status: 'none' }> {
  if (state.status === 'none') throw new Error(`${type} cannot follow when there is no review`);
  return state;
}

function inStatus<Status extends Review['status']>(
  status: Status,
  state: Review,
  { type }: ReviewEvent,
): Extract<Review, { status: Status }> {
  if (state.status !== status) throw new Error(`${type} cannot follow when a review is ${state.status}`);
  return state as Extract<Review, { status: Status }>;
}
