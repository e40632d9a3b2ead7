import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '#kernel';
import type { EventStore } from '#event-store/port';
import type { StreamWriter } from '#platform/decide-and-append';
import type { Logger } from '#platform/logging/logger';
import type { ReviewDays } from '#reviews/domain/kinds';
import { Deviations } from '#reviews/reactors/look-at-deviations';
import { lookAtReviews } from '#reviews/reactors/look-at-reviews';
import type { Watching } from './watch.js';

/** Kinds of review of which the next one is overdue, and deviations that are open though they were to be closed. */
export interface OverdueOfReviews {
  readonly kinds: number;
  readonly deviations: number;
}

export function reviewsMetric(registry: Registry): (overdue: OverdueOfReviews) => void {
  const registers = [registry];
  const ofKinds = new Gauge({
    name: 'holdfast_reviews_overdue',
    help: 'Kinds of review of which the next one, or the first, was due, and is not complete',
    registers,
  });
  const ofDeviations = new Gauge({
    name: 'holdfast_deviations_overdue',
    help: 'Deviations that reviews found, that were to be closed by now, and are open',
    registers,
  });
  return ({ kinds, deviations }) => {
    ofKinds.set(kinds);
    ofDeviations.set(deviations);
  };
}

const EVERY_MS = 5 * 60_000;

export interface ReviewsWatched {
  readonly streams: StreamWriter;
  readonly store: EventStore;
  readonly clock: Clock;
  readonly days: ReviewDays;
}

/** For reviews that are due, and for deviations that they found. */
export function watchReviews(
  { streams, store, clock, days }: ReviewsWatched,
  logger: Logger,
  counted: (overdue: OverdueOfReviews) => void,
): Watching {
  const found = new Deviations(streams, store, clock);
  return {
    everyMs: EVERY_MS,
    look: async () => {
      const kinds = (await lookAtReviews(streams, store, clock, days)).length;
      counted({ kinds, deviations: await found.look() });
      return undefined;
    },
    failed: (error) => logger.warn({ err: error }, 'could not look at the reviews, it is tried later'),
  };
}
