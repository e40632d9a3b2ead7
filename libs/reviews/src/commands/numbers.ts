import type { EventStore } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import { reviewId, reviewStream, type ReviewKind } from '../domain/kinds.js';
import { review } from '../domain/review/review.js';
import type { CompletedReview, Opened, Review } from '../domain/review/state.js';

type Readable = Pick<EventStore, 'readStream'>;

/** The number of the next review of a kind: numbers are taken in order, by an append that expects no stream. */
export async function firstFreeNumber(store: Readable, kind: ReviewKind): Promise<number> {
  const taken = (number: number) => exists(store, reviewStream(reviewId(kind, number)));
  let free = 1;
  while (await taken(free)) free *= 2;
  let last = Math.floor(free / 2);
  while (free - last > 1) {
    const middle = Math.floor((last + free) / 2);
    if (await taken(middle)) last = middle;
    else free = middle;
  }
  return free;
}

async function exists(store: Readable, stream: string): Promise<boolean> {
  for await (const event of store.readStream(stream)) return event.stream === stream;
  return false;
}

export type Known = Exclude<Review, { status: 'none' }>;

/** The reviews of a kind before a number, the newest first. @param isPassedOver by id: what is not read */
export async function* reviewsBefore(
  streams: Pick<StreamWriter, 'load'>,
  kind: ReviewKind,
  number: number,
  isPassedOver: (id: string) => boolean = () => false,
): AsyncGenerator<Known> {
  for (let before = number - 1; before >= 1; before--) {
    const id = reviewId(kind, before);
    if (isPassedOver(id)) continue;
    const { state } = await streams.load(review, reviewStream(id));
    if (state.status !== 'none') yield state;
  }
}

/** The last one that was completed; null: none was. */
export async function lastCompleted(
  streams: Pick<StreamWriter, 'load'>,
  kind: ReviewKind,
  number: number,
): Promise<(Opened & CompletedReview) | null> {
  for await (const state of reviewsBefore(streams, kind, number))
    if (state.status === 'completed') return state;
  return null;
}
