import { expect, it } from 'vitest';
import { givenTime, sinceTime } from './since.js';

it('is so long ago', () => {
  const now = new Date('2026-11-26T12:00:00.000Z');
  expect(sinceTime('7d', now)).toBe('2026-11-19T12:00:00.000Z');
  expect(sinceTime('12h', now)).toBe('2026-11-26T00:00:00.000Z');
});

it('is a time with its offset, in UTC', () => {
  expect(givenTime('2026-12-01T22:00+01:00')).toBe('2026-12-01T21:00:00.000Z');
  expect(givenTime('2028-02-29T00:30:00+01:00')).toBe('2028-02-28T23:30:00.000Z');
});

it.each([
  '2026-12-01',
  '2026-12-01T22:00',
  '2026-02-30T22:00Z',
  '2027-02-29T22:00Z',
  '2026-11-31T22:00+01:00',
  '2026-13-01T22:00Z',
  '2026-12-00T22:00Z',
  '2026-12-01T25:00Z',
])('is no time: %s', (text) => {
  expect(() => givenTime(text)).toThrow(`"${text}" is no time with its offset`);
  expect(() => sinceTime(text, new Date())).toThrow(`"${text}" is no time`);
});
