import { expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.js';

const NOW = Date.parse('2026-11-26T12:00:00.000Z');

it.each([
  ['120', 120_000],
  ['0', 0],
  ['Thu, 26 Nov 2026 12:00:30 GMT', 30_000],
  ['Thu, 26 Nov 2026 11:00:00 GMT', 0],
  ['999999999', 24 * 60 * 60 * 1000],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 24 * 60 * 60 * 1000],
])('reads %s', (header, ms) => {
  expect(retryAfterMs(header, NOW)).toBe(ms);
});

it.each([undefined, '', '-5', '1.5', '9999999999', 'soon', '2026-11-26', ['5', '6']])(
  'takes %j for none',
  (header) => {
    expect(retryAfterMs(header, NOW)).toBeUndefined();
  },
);
