import { Histogram, type Registry } from 'prom-client';
import type { AppendObserver } from './measured-event-store.js';

/** From half a millisecond, for a group on a fast disk, to the time after which the store gives up. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

/** How long appends take, and what comes of them. */
export function appendMetrics(metrics: Registry): AppendObserver {
  const durations = new Histogram({
    name: 'holdfast_append_duration_seconds',
    help: 'How long an append to the event store took, by what came of it: appended, or an error code of the store',
    labelNames: ['outcome'],
    buckets: SECONDS,
    registers: [metrics],
  });
  return (outcome, seconds) => durations.observe({ outcome }, seconds);
}
