import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timestamps } from './timestamps.js';

const FIRST = Date.parse('0000-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

describe('Timestamps', () => {
  it('writes each time as a date does, whatever came before', () => {
    const times = fc.array(
      fc.oneof(
        fc.integer({ min: FIRST, max: LAST }),
        // Within and around one second, also before the epoch.
        fc.integer({ min: -1_500, max: 1_500 }),
      ),
    );
    fc.assert(
      fc.property(times, (all) => {
        const timestamps = new Timestamps();
        expect(all.map((ms) => timestamps.at(ms))).toEqual(all.map((ms) => new Date(ms).toISOString()));
      }),
    );
  });
});
