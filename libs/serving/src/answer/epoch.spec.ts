import { describe, expect, it } from 'vitest';
import { canRead, parseEpoch, type Epoch } from './epoch.js';

describe('parseEpoch', () => {
  it.each([
    [undefined, { read: [0], write: [0] }],
    [null, { read: [0], write: [0] }],
    [0, { read: [0], write: [0] }],
    ['0', { read: [0], write: [0] }],
    ['2', { read: [2], write: [2] }],
    ['2*', { read: [1, 2], write: [2] }],
    [
      { read: [1, 2], write: [2] },
      { read: [1, 2], write: [2] },
    ],
    [{ write: [3] }, { read: [3], write: [3] }],
    [{}, { read: [0], write: [0] }],
    ['0*', undefined],
    ['x', undefined],
    [true, undefined],
    [[0], undefined],
    [-1, undefined],
  ])('%j is %j', (value, expected) => {
    expect(parseEpoch(value)).toEqual(expected);
  });
});

describe('canRead', () => {
  const epoch = (read: number[], write: number[]): Epoch => ({ read, write });
  it.each([
    [epoch([0], [0]), epoch([0], [0]), true],
    [epoch([0, 1], [1]), epoch([0], [0]), true],
    [epoch([1], [1]), epoch([0], [0]), false],
    [epoch([0], [0]), epoch([0, 1], [1]), false],
    [epoch([1, 2], [2]), epoch([0, 1], [0, 1]), true],
  ])('%j reads what %j wrote: %j', (next, installed, expected) => {
    expect(canRead(next, installed)).toBe(expected);
  });
});
