import { uuidv7, type Clock } from '#kernel';
import type { EventStore } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { firstFreeNumber, lastCompleted } from '../commands/numbers.js';
import { REVIEW_KINDS, reviewStream } from '../domain/kinds.js';
import { review } from '../domain/review/review.js';

/** Says of each kind of review, once, that the next one is overdue. @returns ids of the reviews after which one is overdue now */
export async function lookAtReviews(
  streams: StreamWriter,
  store: EventStore,
  clock: Clock,
): Promise<readonly string[]> {
  const overdue: string[] = [];
  for (const kind of REVIEW_KINDS) {
    const last = await lastCompleted(streams, kind, await firstFreeNumber(store, kind));
    const at = clock.now();
    if (last === null || last.nextDue > at) continue;
    overdue.push(last.id);
    const id = uuidv7();
    const context = {
      at,
      actor: { kind: 'service', id: 'worker', for: reviewStream(last.id) },
      reason: { code: 'review-due', text: `The next ${kind} review was due at ${last.nextDue}.` },
      cause: id,
      correlation: id,
      authorisedBy: [],
    } as const;
    await streams.decideAndAppend(review, reviewStream(last.id), { type: 'NoteOverdue', context });
  }
  return overdue;
}
