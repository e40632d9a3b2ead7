import { describe, expect, it } from 'vitest';
import { judgeSkew } from './checks/database.js';
import { judgeNode, judgeSpace, judgeSynchronisation } from './checks/machine.js';
import { judgeNeverSealed, type NeverSealed } from './checks/never-sealed.js';
import { judgeProxies } from './checks/proxies.js';
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

describe('R39: what doctor makes of a ledger with a checkpoint in neither place', () => {
  const BEGUN = '2026-11-22T06:00:00.000Z';
  const fresh: NeverSealed = { projected: 0n, events: 3n, next: 3n, since: BEGUN, tiles: false };
  const judged = (found: Partial<NeverSealed>, minutes = 0) =>
    judgeNeverSealed({ ...fresh, ...found }, Date.parse(BEGUN) + minutes * 60_000);

  it.each<[string, Partial<NeverSealed>, number]>([
    ['a site that was prepared just now', {}, 15],
    ['one without an event', { events: 0n, next: 0n, since: undefined }, 60],
  ])('of %s is one that was not begun', (_what, found, minutes) => {
    expect(judged(found, minutes)).toMatchObject({ level: 'ok' });
  });

  it.each<[string, Partial<NeverSealed>, string]>([
    ['read models that counted events', { projected: 2n }, 'and 2 events were sealed'],
    [
      'events that are gone, such as what the verifier recorded',
      { events: 2n },
      'of 3 events that were appended 1 are gone',
    ],
    ['tiles', { tiles: true }, 'the ledger has tiles'],
  ])('where there are %s, was sealed before', (_what, found, says) => {
    const finding = judged(found);
    expect(finding).toMatchObject({ level: 'fail', integrity: true });
    expect(finding.says).toContain(says);
    expect(exitCodeOf([finding])).toBe(6);
  });

  it.each<[string, Partial<NeverSealed>, number]>([
    ['was appended a quarter of an hour ago and more', {}, 16],
    ['cannot be read', { since: undefined }, 0],
  ])('is a fault where the first event %s', (_what, found, minutes) => {
    const finding = judged(found, minutes);
    expect(finding).toMatchObject({ level: 'fail' });
    expect(finding.says).toContain('were never sealed');
    expect(finding.todo).toContain('before the projector begins another ledger');
    expect(exitCodeOf([finding])).toBe(1);
  });
});

describe('R39: what doctor makes of what proxies obey', () => {
  const at = (position: bigint) => ({ node: 'dmz-1', position });

  it.each([
    ['nothing yet', undefined, 'never'],
    ['the newest event', at(2n), 'unknown'],
  ] as const)('is in order where that is %s', (_what, obeyed, sealed) => {
    expect(judgeProxies(obeyed, 3n, sealed)).toMatchObject({ level: 'ok' });
  });

  it.each([
    ['newer than all that there is', 'unknown', 3n, 'and the database has 3 events: it was rolled back'],
    ['signed, and nothing is sealed', 'never', 2n, 'and neither place of the ledger has a checkpoint'],
  ] as const)('is a failure of integrity where that is %s', (_what, sealed, position, says) => {
    const finding = judgeProxies(at(position), 3n, sealed);
    expect(finding.says).toContain(`proxy dmz-1 obeys a signed policy of position ${position}, ${says}`);
    expect(exitCodeOf([finding])).toBe(6);
  });
});
