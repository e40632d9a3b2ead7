import { expect, it } from 'vitest';
import { sinceTime } from './since.js';

it('is so long ago', () => {
  const now = new Date('2026-11-26T12:00:00.000Z');
  expect(sinceTime('7d', now)).toBe('2026-11-19T12:00:00.000Z');
  expect(sinceTime('12h', now)).toBe('2026-11-26T00:00:00.000Z');
});
