import type { StreamWriter } from '#platform/decide-and-append';
import { contentOf } from '../domain/review/state.js';
import { firstFreeNumber, reviewsBefore } from './numbers.js';

/**
 * How far the trail of a change request is reviewed, by a signed review (R15): ranges leave nothing out, so that who has an event of it has all before.
 * @param id of the request @param since RFC 3339: a review that was opened before then is not looked at
 * @returns the number of an event of the request's stream; null: no review has any of it
 */
export async function trailReviewedThrough(
  streams: Pick<StreamWriter, 'load' | 'readStream'>,
  id: string,
  since: string,
): Promise<bigint | null> {
  const store = { readStream: (stream: string) => streams.readStream(stream, 0n) };
  for await (const review of reviewsBefore(streams, 'trail', await firstFreeNumber(store, 'trail'))) {
    if (review.openedAt < since) return null;
    if (review.status !== 'completed') continue;
    for (const line of contentOf(review, 'trail')?.lines ?? [])
      if (line.of === 'change' && line.changeRequest === id) return BigInt(line.through);
  }
  return null;
}
