import { describe, expect, it } from 'vitest';
import { parseAssignment, parseRelease } from './assignment.js';

describe('CHANNEL=REVISION', () => {
  it.each([
    ['stable=12', 'stable', 12],
    ['latest/stable=12', 'latest/stable', 12],
    ['2.0/beta=7', '2.0/beta', 7],
    ['edge/fix-1=7', 'edge/fix-1', 7],
    ['2.0/beta/fix-1=123456789', '2.0/beta/fix-1', 123456789],
  ])('%s', (text, channel, revision) => {
    expect(parseAssignment('core22', text)).toEqual({ snap: 'core22', channel, revision });
  });

  it.each([
    ['stable', 'there is no "="'],
    ['=12', 'the channel is missing'],
    ['stable=', 'delete-override'],
    ['stable=none', '"none" is not a revision'],
    ['stable=0', '"0" is not a revision'],
    ['stable=012', '"012" is not a revision'],
    ['stable=-1', '"-1" is not a revision'],
    ['stable=1.5', '"1.5" is not a revision'],
    ['stable=12=13', '"12=13" is not a revision'],
    ['stable=x1', 'installed by hand'],
    ['stabel=12', 'names no risk: stable, candidate, beta, edge'],
    ['a/b/c=12', 'names no risk'],
    ['a/stable/b/c=12', 'is not a channel'],
    ['latest//stable=12', 'is not a channel'],
    ['lat est/stable=12', 'is not a channel'],
  ])('refuses %s', (text, why) => {
    const expected = { code: 'usage', message: expect.stringContaining(why) as string };
    expect(() => parseAssignment('core22', text)).toThrow(expect.objectContaining(expected));
  });

  it.each(['', 'Core22', 'core 22', '22', '-core'])('refuses the snap "%s"', (snap) => {
    expect(() => parseAssignment(snap, 'stable=12')).toThrow(/is not the name of a snap/);
  });

  it('gives a channel back to upstream', () => {
    expect(parseRelease('core22', 'stable')).toEqual({ snap: 'core22', channel: 'stable', revision: null });
    expect(() => parseRelease('core22', 'stable=12')).toThrow(/is not a channel/);
  });
});
