import type { StreamWriter } from '#platform/decide-and-append';
import { later } from '#kernel';
import { contentOf } from '../domain/review/state.js';
import { firstFreeNumber, reviewsBefore } from './numbers.js';

/**
 * A review is opened at the time at which somebody asked for it, by the clock of their server, and its trail is read after that: one of a little before has what
 * came a little later. Whether it has is said by its range.
 */
const SLACK_MS = -24 * 3_600_000;

/**
 * How far the trail of a change request is reviewed, by a signed review (R15): ranges leave nothing out, so that who has an event of it has all before.
 * @param id of the request @param since RFC 3339, UTC: when it was decided on; a review that was opened more than a day before is not looked at
 * @returns the number of an event of the request's stream; null: no review has any of it
 */
export async function trailReviewedThrough(
  streams: Pick<StreamWriter, 'load' | 'readStream'>,
  id: string,
  since: string,
): Promise<bigint | null> {
  const earliest = later(since, SLACK_MS);
  const store = { readStream: (stream: string) => streams.readStream(stream, 0n) };
  for await (const review of reviewsBefore(streams, 'trail', await firstFreeNumber(store, 'trail'))) {
    if (review.openedAt < earliest) return null;
    if (review.status !== 'completed') continue;
    for (const line of contentOf(review, 'trail')?.lines ?? [])
      if (line.of === 'change' && line.changeRequest === id) return BigInt(line.through);
  }
  return null;
}
