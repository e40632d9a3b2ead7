import { describe, expect, it } from 'vitest';
import { untilDue } from './due.js';

const AT = '2026-11-26T12:00:00.000Z';
const minutes = (failures: number, chance = 0.5, now = AT, everyMinutes = 360) =>
  Math.round(untilDue({ roundAt: undefined, triedAt: AT, failures }, everyMinutes, now, chance) / 60_000);

describe('the next round', () => {
  it('is at once where there was none', () => {
    expect(untilDue({ roundAt: undefined, triedAt: undefined, failures: 0 }, 360, AT, 0)).toBe(0);
  });
  it.each([
    [0, 324],
    [0.5, 360],
    [1, 396],
  ])('is in six hours, a tenth more or less: chance %d', (chance, expected) => {
    expect(minutes(0, chance)).toBe(expected);
  });
  it.each([
    [1, 5],
    [2, 10],
    [3, 20],
    [6, 160],
    [7, 320],
    [8, 360],
    [2_000, 360],
  ])('is sooner when upstream was away, and later with each time: %d', (failures, expected) => {
    expect(minutes(failures)).toBe(expected);
  });
  it('is never later than usual', () => expect(minutes(1, 0.5, AT, 1)).toBe(1));
  it('counts from the last one, and is not put off by a clock that went back', () => {
    expect(minutes(0, 0.5, '2026-11-26T17:00:00.000Z')).toBe(60);
    expect(minutes(0, 0.5, '2026-11-27T12:00:00.000Z')).toBe(0);
    expect(minutes(0, 0.5, '2026-11-26T11:59:59.000Z')).toBe(0);
  });
});
