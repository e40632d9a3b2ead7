import { Histogram, type Registry } from 'prom-client';
import type { UpstreamObserver } from './store/measured-upstream-store.js';

const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 8, 15, 30, 60];

/** How long upstream takes, and how its answers go wrong. */
export function upstreamMetrics(metrics: Registry): UpstreamObserver {
  const durations = new Histogram({
    name: 'holdfast_upstream_request_duration_seconds',
    help: 'How long a call of the upstream store took (a download: until its body began), by call and by what came of it',
    labelNames: ['call', 'outcome'],
    buckets: SECONDS,
    registers: [metrics],
  });
  return (call, outcome, seconds) => durations.observe({ call, outcome }, seconds);
}
