import { describe, expect, it } from 'vitest';
import { judgeSkew } from './checks/database.js';
import { judgeNode, judgeSpace, judgeSynchronisation } from './checks/machine.js';
import { exitCodeOf, fail, ok, warn } from './finding.js';

const MIB = 1024 * 1024;

describe('what doctor makes of a number', () => {
  it.each([
    ['22.11.0', 'fail'],
    ['24.0.0', 'ok'],
    ['100.1.0', 'ok'],
  ])('Node %s: %s', (version, level) => {
    expect(judgeNode(version).level).toBe(level);
  });

  it.each([
    [0, 'fail'],
    [255 * MIB, 'fail'],
    [256 * MIB, 'warn'],
    [2047 * MIB, 'warn'],
    [2048 * MIB, 'ok'],
  ])('%i bytes free: %s', (free, level) => {
    expect(judgeSpace('kept', '/kept', free).level).toBe(level);
  });

  it.each([
    [0, 'ok'],
    [-1_999, 'ok'],
    [2_000, 'warn'],
    [-60_000, 'fail'],
  ])('a clock %i ms ahead: %s', (ms, level) => {
    expect(judgeSkew(ms).level).toBe(level);
  });

  it.each([
    ['synchronised', 'ok'],
    ['not-synchronised', 'fail'],
    ['unknown', 'warn'],
  ] as const)('R06: a clock that is %s: %s', (state, level) => {
    expect(judgeSynchronisation({ state, source: 'chrony' }).level).toBe(level);
  });

  it('says which clock is behind', () => {
    expect(judgeSkew(-90_000).says).toBe("the database's clock is 90 s behind ours");
  });

  it('ends with 0, 1 or 6', () => {
    const failed = fail('a', 'b', 'c');
    expect(exitCodeOf([ok('a', 'b'), warn('a', 'b', 'c')])).toBe(0);
    expect(exitCodeOf([failed])).toBe(1);
    expect(exitCodeOf([failed, { ...failed, integrity: true }])).toBe(6);
  });
});
