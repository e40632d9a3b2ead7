import { describe, expect, it } from 'vitest';
import { fullChannel, namesTrack, parseChannel, shortChannel } from './channel.js';
import { refusal } from './testing/refusal.js';

describe('channels', () => {
  it.each([
    ['stable', 'latest/stable', 'stable'],
    ['latest/edge', 'latest/edge', 'edge'],
    ['2.0', '2.0/stable', '2.0/stable'],
    ['2.0/beta', '2.0/beta', '2.0/beta'],
    ['candidate/fix-1', 'latest/candidate/fix-1', 'candidate/fix-1'],
    ['latest/stable/fix-1', 'latest/stable/fix-1', 'stable/fix-1'],
    ['2.0/stable/fix-1', '2.0/stable/fix-1', '2.0/stable/fix-1'],
    ['latest', 'latest/stable', 'stable'],
  ])('%s is %s in full and %s in short', (text, full, short) => {
    const channel = parseChannel(text);

    expect(fullChannel(channel)).toBe(full);
    expect(shortChannel(channel)).toBe(short);
    expect(parseChannel(full)).toEqual(channel);
    expect(parseChannel(short)).toEqual(channel);
  });

  it("takes the snap's default track where none is named", () => {
    expect(fullChannel(parseChannel('edge', '2.0'))).toBe('2.0/edge');
    expect(fullChannel(parseChannel('latest/edge', '2.0'))).toBe('latest/edge');
    expect(['edge', 'edge/fix', '2.0', 'latest/edge'].map(namesTrack)).toEqual([false, false, true, true]);
  });

  it.each([
    '',
    '/',
    'stable/',
    '/stable',
    '2.0/fix',
    '2.0/stable/a/b',
    'a b/stable',
    'stable/stable',
    '../x/stable',
    'x\n',
  ])('refuses %j', (text) => {
    expect(refusal(() => parseChannel(text))).toBe('malformed-channel');
  });
});
