import { describe, expect, it } from 'vitest';
import { byWorker } from '#test/support/decider-specification';
import { fold } from '#kernel';
import type { ResolvedChange } from '../../domain/change-request/events.js';
import { contentDigest, contentOf } from '../../domain/release-policy/content.js';
import { emptyPolicy, type ReleasePolicy } from '../../domain/release-policy/state.js';
import { releasePolicy } from '../../domain/release-policy/release-policy.js';
import { promoted } from './promote.js';
import type { CapturePort } from './capture-port.js';

const item = { kind: 'promotion', from: 'pilot' } as const;
const target = (name: string) => {
  return { format: 'snap', subject: `id-of-${name}`, channel: 'latest/stable', architecture: 'amd64' };
};
const choice = (version: string) => ({ version, manifest: version.repeat(64), declaration: 1 });
const set = (name: string, version: string): ResolvedChange => {
  return { target: target(name), name, old: null, new: choice(version) };
};

function ring(...changes: readonly ResolvedChange[]): ReleasePolicy {
  const context = byWorker('change-request/CR-1');
  const command = { type: 'ApplyChange', changeRequest: 'CR-1', changes, context } as const;
  return fold(releasePolicy, releasePolicy.decide(command, emptyPolicy));
}

const rooms: number[] = [];
const compared = { lines: [{ what: 'base', old: 'core22', new: 'core24' }], marks: [] };
const port: CapturePort = {
  capture: () => Promise.reject(new Error('nothing is fetched')),
  identify: () => Promise.reject(new Error('nobody is asked for a name')),
  mayMean: () => false,
  compare: async (_format, _before, _after, room) => {
    rooms.push(room);
    return compared;
  },
};
const promote = (source: ReleasePolicy, to: ReleasePolicy, ifPolicy?: string) =>
  promoted({ ...item, ...(ifPolicy !== undefined && { ifPolicy }) }, to, source, {
    capture: port,
    room: 6_000,
  });

describe('a promotion', () => {
  it('is all differences and no other, with the captures that the earlier ring has', async () => {
    const source = ring(set('same', '1'), set('newer', '2'), set('first', '3'));
    const to = ring(set('same', '1'), set('newer', '1'), set('gone', '4'));
    expect(await promote(source, to)).toEqual([
      { target: target('newer'), name: 'newer', old: choice('1'), new: choice('2'), difference: compared },
      { target: target('first'), name: 'first', old: null, new: choice('3'), difference: compared },
      { target: target('gone'), name: 'gone', old: choice('4'), new: null },
    ]);
    expect(await promote(source, source)).toEqual([]);
  });

  it('shares the room of the record among all that it changes', async () => {
    rooms.length = 0;
    const many = Array.from({ length: 1_000 }, (_, i) => set(`snap-${i}`, '1'));
    expect(await promote(ring(...many), emptyPolicy)).toHaveLength(1_000);
    expect(new Set(rooms)).toEqual(new Set([800]));
  });

  it('of more differences than one request takes is refused before they are compared, and says what to do', async () => {
    const many = Array.from({ length: 5_001 }, (_, i) => set(`snap-${i}`, '1'));
    const source = ring(...many);
    rooms.length = 0;
    await expect(promote(source, emptyPolicy)).rejects.toMatchObject({
      code: 'invalid-items',
      message: expect.stringContaining(
        'differs from this ring in 5001 targets, and one request takes 5000: give this ring a part of them first',
      ) as string,
    });
    expect(rooms).toEqual([]);
    expect(await promote(source, ring(set('snap-7', '1')))).toHaveLength(5_000);
  });

  it('is of the ring as it was looked at', async () => {
    const source = ring(set('newer', '2'));
    const digest = contentDigest(contentOf(source, 'snap'));
    expect(await promote(source, emptyPolicy, digest)).toHaveLength(1);
    await expect(promote(ring(set('newer', '3')), emptyPolicy, digest)).rejects.toMatchObject({
      code: 'expected-value-differs',
    });
  });

  const subject = { format: 'snap', subject: 'id-of-newer', name: 'newer' };
  const halt = { id: 'halt-1', at: '2026-11-27T08:00:00.000Z', by: 'Olga', why: 'it stops the line' };
  const source = ring(set('newer', '2'));
  it.each<[string, ReleasePolicy, string]>([
    ['whole ring is halted', { ...source, halts: [halt] }, 'ring pilot is halted'],
    [
      'snap is halted',
      { ...source, halted: new Map([['snap id-of-newer', { ...subject, halts: [halt] }]]) },
      'newer is halted in ring pilot',
    ],
    [
      'snap is blocked',
      { ...source, blocked: new Map([['snap id-of-newer', subject]]) },
      'newer is blocked in ring pilot',
    ],
    [
      'snap is denied',
      { ...source, listed: new Map([['snap id-of-newer', { ...subject, listing: 'denied' }]]) },
      'newer is denied in ring pilot',
    ],
  ])('does not carry on what the earlier ring does not serve: the %s', async (_what, halted, why) => {
    await expect(promote(halted, emptyPolicy)).rejects.toMatchObject({
      code: 'not-a-promotion',
      message: expect.stringContaining(why) as string,
    });
  });
});
