import { describe, expect, it } from 'vitest';
import { freezesProblem, frozenAt, type Freeze } from './freeze.js';

const freeze = (from: string, to: string, more: Partial<Freeze> = {}): Freeze => {
  return { from, to, zone: 'Europe/Zurich', reason: 'the books are closed', emergencies: 'pass', ...more };
};
const yearEnd = freeze('2026-12-20T18:00', '2027-01-04T06:00');
const weekend = freeze('fri 18:00', 'mon 06:00', { reason: 'nobody is in', emergencies: 'wait' });
const untilOf = (at: string, ...freezes: Freeze[]) => frozenAt(freezes, at)?.until ?? null;

describe('R26: a freeze', () => {
  it('is on from its beginning to its end, by the clocks of its zone', () => {
    expect(untilOf('2026-12-20T16:59:59.999Z', yearEnd)).toBeNull();
    expect(frozenAt([yearEnd], '2026-12-20T17:00:00.000Z')).toEqual({
      until: '2027-01-04T05:00:00.000Z',
      why: 'the books are closed',
      emergencies: 'pass',
    });
    expect(untilOf('2027-01-04T04:59:59.999Z', yearEnd)).toBe('2027-01-04T05:00:00.000Z');
    expect(untilOf('2027-01-04T05:00:00.000Z', yearEnd)).toBeNull();
  });

  it('of each week is on over the end of the week too, each week anew', () => {
    // 2026-11-27 is a Friday.
    expect(untilOf('2026-11-27T16:59:59.999Z', weekend)).toBeNull();
    for (const at of ['2026-11-27T17:00:00.000Z', '2026-11-29T12:00:00.000Z', '2026-11-30T04:59:59.999Z'])
      expect(untilOf(at, weekend)).toBe('2026-11-30T05:00:00.000Z');
    expect(untilOf('2026-11-30T05:00:00.000Z', weekend)).toBeNull();
    expect(untilOf('2026-12-05T05:00:00.000Z', weekend)).toBe('2026-12-07T05:00:00.000Z');
    const night = freeze('tue 22:00', 'wed 04:00');
    expect(untilOf('2026-11-25T02:00:00.000Z', night)).toBe('2026-11-25T03:00:00.000Z');
    expect(untilOf('2026-11-24T20:59:00.000Z', night)).toBeNull();
    const all = freeze('mon 06:00', 'sun 23:00');
    expect(untilOf('2026-11-30T05:00:00.000Z', all)).toBe('2026-12-06T22:00:00.000Z');
  });

  it('that meets or overlaps another is one with it, and says why it is on now', () => {
    const after = freeze('2027-01-04T06:00', '2027-01-04T12:00', { reason: 'stock-taking' });
    expect(frozenAt([after, yearEnd], '2026-12-31T00:00:00.000Z')).toMatchObject({
      until: '2027-01-04T11:00:00.000Z',
      why: 'the books are closed',
    });
    // 2026-12-26 is a Saturday.
    expect(frozenAt([yearEnd, weekend], '2026-12-26T00:00:00.000Z')).toEqual({
      until: '2027-01-04T05:00:00.000Z',
      why: 'the books are closed; nobody is in',
      emergencies: 'wait',
    });
  });

  it('is of an hour more, and never less, where clocks are set meanwhile', () => {
    // 2026-10-25 03:00 is set back to 02:00 in Zurich, and 2026-03-29 02:00 forward to 03:00.
    const back = freeze('2026-10-25T01:00', '2026-10-25T02:30');
    for (const at of ['2026-10-24T23:00:00.000Z', '2026-10-25T00:45:00.000Z', '2026-10-25T01:29:59.000Z'])
      expect(untilOf(at, back)).toBe('2026-10-25T01:30:00.000Z');
    expect(untilOf('2026-10-25T01:30:00.000Z', back)).toBeNull();
    const forward = freeze('2026-03-29T02:30', '2026-03-29T04:00');
    expect(untilOf('2026-03-29T00:30:00.000Z', forward)).toBe('2026-03-29T02:00:00.000Z');
  });

  it('that is on for good is looked at again and again, and hangs nothing', () => {
    const always = [freeze('mon 00:00', 'thu 00:00'), freeze('thu 00:00', 'mon 00:00')];
    expect(Date.parse(untilOf('2026-11-30T05:00:00.000Z', ...always) ?? '')).toBeGreaterThan(0);
  });
});

it.each<[string, Partial<Freeze>, RegExp]>([
  ['has no reason', { reason: ' ' }, /must say why/],
  ['is in no zone', { zone: 'Bern' }, /"Bern" must be one such as Europe\/Zurich/],
  ['begins on a day that there is not', { from: '2026-02-30T18:00' }, /must begin and end both/],
  ['begins in no zone’s clocks', { from: '2026-12-20T18:00:00Z' }, /must begin and end both/],
  ['is once and weekly', { to: 'mon 06:00' }, /must begin and end both/],
  ['ends before it begins', { to: '2026-12-20T17:59' }, /ends before it begins/],
  ['ends as it begins', { to: '2026-12-20T18:00' }, /ends before it begins/],
  ['is on all week long', { from: 'mon 06:00', to: 'mon 06:00' }, /all week long/],
])('R26: a freeze cannot be meant that %s', (_what, wrong, message) => {
  expect(freezesProblem([yearEnd, weekend])).toBeUndefined();
  expect(freezesProblem([{ ...yearEnd, ...wrong }])).toMatch(message);
});
