import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '#kernel';
import type { EventStore } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import type { Logger } from '#platform/logging/logger';
import type { ReviewDays } from '#reviews/domain/kinds';
import { lookAtReviews } from '#reviews/reactors/look-at-reviews';
import type { Watching } from './watch.js';

/** Counts kinds of review of which the next one is overdue. */
export function reviewsMetric(registry: Registry): (overdue: number) => void {
  const gauge = new Gauge({
    name: 'holdfast_reviews_overdue',
    help: 'Kinds of review of which the next one, or the first, was due, and is not complete',
    registers: [registry],
  });
  return (overdue) => gauge.set(overdue);
}

const EVERY_MS = 5 * 60_000;

export interface ReviewsWatched {
  readonly streams: StreamWriter;
  readonly store: EventStore;
  readonly clock: Clock;
  readonly days: ReviewDays;
}

/** For reviews that are due. */
export function watchReviews(
  { streams, store, clock, days }: ReviewsWatched,
  logger: Logger,
  counted: (overdue: number) => void,
): Watching {
  return {
    everyMs: EVERY_MS,
    look: async () => {
      counted((await lookAtReviews(streams, store, clock, days)).length);
      return undefined;
    },
    failed: (error) => logger.warn({ err: error }, 'could not look at the reviews, it is tried later'),
  };
}
