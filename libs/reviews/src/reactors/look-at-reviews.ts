import { uuidv7, type Clock, type CommandContext } from '#kernel';
import type { EventStore } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { firstFreeNumber, lastCompleted } from '../commands/numbers.js';
import { firstDue, firstReviews, FIRST_REVIEWS_STREAM } from '../domain/first-reviews/first-reviews.js';
import { REVIEW_KINDS, reviewStream, type ReviewDays, type ReviewKind } from '../domain/kinds.js';
import { review } from '../domain/review/review.js';
import { foundedAt } from '../founded-at.js';

/**
 * Says of each kind of review, once, that the next one is overdue, or the first: a review says itself when the next one is due, and the site's period says it
 * where none was ever completed.
 * @returns the kinds that are overdue now
 */
export async function lookAtReviews(
  streams: StreamWriter,
  store: EventStore,
  clock: Clock,
  days: ReviewDays,
): Promise<readonly ReviewKind[]> {
  const founded = await foundedAt(streams);
  const overdue: ReviewKind[] = [];
  for (const kind of REVIEW_KINDS) {
    const last = await lastCompleted(streams, kind, await firstFreeNumber(store, kind));
    const at = clock.now();
    if (last) {
      if (last.nextDue > at) continue;
      const stream = reviewStream(last.id);
      const context = contextOf(at, stream, `The next ${kind} review was due at ${last.nextDue}.`);
      await streams.decideAndAppend(review, stream, { type: 'NoteOverdue', context });
    } else {
      const due = founded === undefined ? undefined : firstDue(founded, days[kind]);
      if (due === undefined || due > at) continue;
      const context = contextOf(at, FIRST_REVIEWS_STREAM, `The first ${kind} review was due at ${due}.`);
      const command = { type: 'NoteFirstOverdue', kind, due, context } as const;
      await streams.decideAndAppend(firstReviews, FIRST_REVIEWS_STREAM, command);
    }
    overdue.push(kind);
  }
  return overdue;
}

function contextOf(at: string, stream: string, text: string): CommandContext {
  const id = uuidv7();
  return {
    at,
    actor: { kind: 'service', id: 'worker', for: stream },
    reason: { code: 'review-due', text },
    cause: id,
    correlation: id,
    authorisedBy: [],
  };
}
