import { describe, expect, it } from 'vitest';
import { Findings } from '../findings.js';
import { compareClock } from './clock.js';
import type { Happened } from './history.js';

function findings(...times: string[]): readonly string[] {
  const events = times.map(
    (time) => ({ envelope: { at: `2026-01-01T${time}.000Z` } }) as unknown as Happened,
  );
  const found = new Findings();
  compareClock(events, 60_000, found);
  return found.all;
}

describe('a clock that was set back', () => {
  it('shows in the times of events', () => {
    expect(findings('10:00:00', '09:59:01', '10:00:02')).toEqual([]);
  });

  it.each([[[]], [['10:00:00']], [['10:00:00', '10:00:01', '10:00:00']]])(
    'is found not to have shown: %j',
    (times) => {
      expect(findings(...times)).toEqual(["the clock was set back by 60000 ms, and no event's time says so"]);
    },
  );
});
