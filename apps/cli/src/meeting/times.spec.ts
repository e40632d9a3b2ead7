import { expect, it } from 'vitest';
import { timeText } from './times.js';

it.each([
  ['Europe/Zurich', '2026-11-27 23:04:32 UTC (2026-11-28 00:04:32 GMT+01:00 Europe/Zurich)'],
  ['Etc/UTC', '2026-11-27 23:04:32 UTC'],
])('R07: prints a time in UTC, and in the zone of a site in %s', (zone, text) => {
  expect(timeText('2026-11-27T23:04:32.324Z', zone)).toBe(text);
});
