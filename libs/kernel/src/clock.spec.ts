import { describe, expect, it } from 'vitest';
import { lasts, StoppedClock, systemClock, zoneOffset } from '#kernel';

describe('lasts', () => {
  it.each([
    ['ended', '2026-11-22T13:00:00.000Z', false],
    ['not ended', '2026-11-22T12:59:59.999Z', true],
    ['not begun: the clock was set back a little', '2026-11-22T11:30:00.000Z', true],
    ['begun by a clock that was ahead', '2026-11-22T10:59:59.999Z', false],
  ])('is for an hour, to one o’clock: %s', (_name, at, expected) => {
    expect(lasts('2026-11-22T13:00:00.000Z', at, 3_600_000)).toBe(expected);
  });
});

describe('zoneOffset', () => {
  it.each([
    ['Etc/UTC', '2026-07-01T00:00:00.000Z', '+00:00'],
    ['Europe/Zurich', '2026-11-22T12:48:14.123Z', '+01:00'],
    ['Europe/Zurich', '2026-07-01T00:00:00.000Z', '+02:00'],
    ['Asia/Kolkata', '2026-07-01T00:00:00.000Z', '+05:30'],
    ['Asia/Kathmandu', '2026-07-01T00:00:00.000Z', '+05:45'],
    ['America/St_Johns', '2026-01-01T00:00:00.000Z', '-03:30'],
    ['Pacific/Kiritimati', '2026-01-01T00:00:00.000Z', '+14:00'],
    ['Europe/London', '2026-01-01T00:00:00.000Z', '+00:00'],
  ])('of %s at %s is %s', (zone, at, offset) => {
    expect(zoneOffset(at, zone)).toBe(offset);
  });

  it.each([
    ['forward', '2026-03-29T00:59:59.999Z', '2026-03-29T01:00:00.000Z', '+01:00', '+02:00'],
    ['back', '2026-10-25T00:59:59.999Z', '2026-10-25T01:00:00.000Z', '+02:00', '+01:00'],
  ])('changes in the millisecond in which the clocks go %s', (_, before, after, old, next) => {
    expect([zoneOffset(before, 'Europe/Zurich'), zoneOffset(after, 'Europe/Zurich')]).toEqual([old, next]);
  });

  it('tells apart the two hours that a wall clock shows alike', () => {
    const wall = (at: string) => new Date(at).toLocaleTimeString('en-GB', { timeZone: 'Europe/Zurich' });
    const [first, second] = ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z'];
    expect(wall(first)).toBe(wall(second));
    expect(zoneOffset(first, 'Europe/Zurich')).not.toBe(zoneOffset(second, 'Europe/Zurich'));
  });

  it('refuses a zone that there is not', () => {
    expect(() => zoneOffset('2026-01-01T00:00:00.000Z', 'Europe/Atlantis')).toThrow(RangeError);
  });
});

describe('clocks', () => {
  it('give UTC with milliseconds', () => {
    expect(systemClock.now()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('stand still when they are stopped', () => {
    const clock = new StoppedClock('2026-01-01T00:00:00.000Z');
    expect(clock.now()).toBe('2026-01-01T00:00:00.000Z');
    clock.set('2026-01-02T00:00:00.000Z');
    expect(clock.now()).toBe('2026-01-02T00:00:00.000Z');
  });
});
