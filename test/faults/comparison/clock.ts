import type { Findings } from '../findings.js';
import type { Happened } from './history.js';

/**
 * The clock of the servers was set back in the course of these events: their times must say so. Where they stand does not: positions are
 * held against each other wherever events are read.
 */
export function compareClock(events: readonly Happened[], backMs: number, findings: Findings): void {
  const times = events.map(({ envelope }) => Date.parse(envelope.at));
  const steps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  findings.expect(
    steps.some((step) => step < -backMs / 2),
    `the clock was set back by ${backMs} ms, and no event's time says so`,
  );
}
