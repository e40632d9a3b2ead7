import { describe, expect, it } from 'vitest';
import { fold, later, type CommandContext } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import type { NodeEvent } from './events.js';
import { isRenewalDue, requireKeyInTime } from './keys.js';
import { node } from './node.js';
import type { EnrolledNode } from './state.js';

const { given } = specify(node);

const operator = byPerson('Olga', ['operator']);
const BEGIN = operator.at;
/** So many days after it has enrolled. */
const on = (days: number) => later(BEGIN, days * 86_400_000);
const by = (id: string, days: number): CommandContext => {
  return { ...operator, at: on(days), actor: { kind: 'service', id, for: 'node/dmz-1' } };
};

const terms = (days: number, from = 0) => ({ keyDays: days, keyExpiresAt: on(from + days) });
const enrolledFor = (days: number, tokenDigest: string | null = 'a1'): NodeEvent => {
  return { type: 'NodeEnrolled', data: { publicKey: 'K', tokenDigest, ...terms(days) } };
};
const enrolled = enrolledFor(730);
const older: NodeEvent = { type: 'NodeEnrolled', data: { publicKey: 'K', tokenDigest: 'a1' } };
const renew = (days: number, keys: { oldKey?: string; publicKey?: string } = {}) => {
  return {
    type: 'RenewNodeKey',
    name: 'dmz-1',
    oldKey: 'K',
    publicKey: 'L',
    ...keys,
    context: by('control', days),
  } as const;
};
const renewed = (days: number, from: number, tokenDigest: string | null = null): NodeEvent => {
  return { type: 'NodeKeyRenewed', data: { publicKey: 'L', old: 'K', tokenDigest, ...terms(days, from) } };
};
const note = (days: number) => ({ type: 'NoteKey', context: by('worker', days) }) as const;
const invite = (days: number, keyDays: number | null = null) => {
  const context = { ...operator, at: on(days) };
  return {
    type: 'InviteNode',
    name: 'dmz-1',
    tokenDigest: 'b2',
    expiresAt: on(days + 1),
    keyDays,
    context,
  } as const;
};
const invited = (days: number, keyDays = {}): NodeEvent => {
  return { type: 'NodeInvited', data: { tokenDigest: 'b2', expiresAt: on(days + 1), ...keyDays } };
};
const enrol = (days: number, tokenDigest: string | null, server = 'control') => {
  return {
    type: 'EnrolNode',
    name: 'dmz-1',
    publicKey: 'L',
    tokenDigest,
    context: by(server, days),
  } as const;
};
const state = (...events: NodeEvent[]): EnrolledNode => {
  const folded = fold(node, events);
  if (folded.status !== 'enrolled') throw new Error(folded.status);
  return folded;
};

describe('R29: the key of a node', () => {
  it('ends two years after it was enrolled, or as its invitation says', () => {
    const key = {
      type: 'EnrolNode',
      name: 'dmz-1',
      publicKey: 'K',
      tokenDigest: 'b2',
      context: by('control', 0),
    } as const;
    given(invited(0))
      .when(key)
      .then({ type: 'NodeEnrolled', data: { publicKey: 'K', tokenDigest: 'b2', ...terms(730) } });
    given(invited(0, { keyDays: 90 }))
      .when(key)
      .then({ type: 'NodeEnrolled', data: { publicKey: 'K', tokenDigest: 'b2', ...terms(90) } });
    expect(() => requireKeyInTime('dmz-1', state(enrolled), on(729.99))).not.toThrow();
    expect(() => requireKeyInTime('dmz-1', state(enrolled), on(730))).toThrow(
      expect.objectContaining({
        code: 'node-key-expired',
        message: expect.stringContaining('holdfast nodes invite dmz-1') as string,
      }),
    );
    expect(() => requireKeyInTime('dmz-1', state(older), on(9_000))).not.toThrow();
  });

  it('is renewed by the node when its end is near: 60 days before, or a third of a short one', () => {
    expect([669.9, 670].map((day) => isRenewalDue(state(enrolled), on(day)))).toEqual([false, true]);
    expect([59.9, 60].map((day) => isRenewalDue(state(enrolledFor(90)), on(day)))).toEqual([false, true]);
    expect(isRenewalDue(state(older), on(0))).toBe(true);
    given(enrolled).when(renew(670)).then(renewed(730, 670));
    given(enrolledFor(90)).when(renew(60)).then(renewed(90, 60));
    given(older).when(renew(1)).then(renewed(730, 1));
    expect(state(enrolled, renewed(730, 670))).toMatchObject({ publicKey: 'L', keyExpiresAt: on(1400) });
  });

  it('is renewed once, whatever comes twice', () => {
    given(enrolled, renewed(730, 670)).when(renew(670)).thenNothing();
    given(enrolled, renewed(730, 670))
      .when(renew(671, { oldKey: 'L', publicKey: 'M' }))
      .thenRefused('node-key-not-due');
  });

  it('signs for no other one too early, too late, as one of two, or for itself', () => {
    given(enrolled).when(renew(669)).thenRefused('node-key-not-due');
    given(enrolled).when(renew(730)).thenRefused('node-key-expired');
    given(enrolled)
      .when(renew(670, { publicKey: 'K' }))
      .thenRefused('node-key-not-due');
    given(enrolled)
      .when(renew(670, { oldKey: 'X' }))
      .thenRefused('node-signature-refused');
    given(enrolled, renewed(730, 670))
      .when(renew(1350, { publicKey: 'M' }))
      .thenRefused('node-signature-refused');
    const fork: NodeEvent = { type: 'NodeForkSeen', data: { batch: '7', digest: 'd', previous: 'c' } };
    given(enrolled, fork).when(renew(670)).thenRefused('node-forked');
    given(enrolled, { type: 'NodeRetired', data: { publicKey: 'K' } })
      .when(renew(670))
      .thenRefused('node-retired');
  });

  it('is told of once when its end is near, and once when it has come', () => {
    const key = { publicKey: 'K', keyExpiresAt: on(730) };
    const ending: NodeEvent = { type: 'NodeKeyEnding', data: key };
    const ended: NodeEvent = { type: 'NodeKeyEnded', data: key };
    given(enrolled).when(note(699)).thenNothing();
    given(enrolled).when(note(700)).then(ending);
    given(enrolled, ending).when(note(729)).thenNothing();
    given(enrolled, ending).when(note(730)).then(ended);
    given(enrolled, ending, ended).when(note(800)).thenNothing();
    given(enrolled, ending, renewed(730, 720)).when(note(731)).thenNothing();
    given(older).when(note(9_000)).thenNothing();
    given(invited(0)).when(note(9_000)).thenNothing();
  });

  it('has a way back after its end: a token that an operator gives out, for another key', () => {
    given(enrolled).when(invite(729)).thenRefused('node-exists');
    given(enrolled).when(invite(740)).then(invited(740));
    given(enrolled)
      .when({ ...invite(740), context: byPerson('Ada', ['author']) })
      .thenRefused('operator-required');
    given(enrolled, invited(740))
      .when(enrol(740.5, 'b2'))
      .then(renewed(730, 740.5, 'b2'));
    given(enrolled, invited(740, { keyDays: 90 }))
      .when(enrol(740.5, 'b2'))
      .then(renewed(90, 740.5, 'b2'));
    given(enrolled, invited(740), renewed(730, 740.5, 'b2'))
      .when(enrol(740.6, 'b2'))
      .thenNothing();
  });

  it('has no other way back', () => {
    given(enrolled).when(enrol(740, 'b2')).thenRefused('enrolment-refused');
    given(enrolled).when(enrol(740, 'a1')).thenRefused('enrolment-refused');
    given(enrolled, invited(740)).when(enrol(740, 'x9')).thenRefused('enrolment-refused');
    given(enrolled, invited(740)).when(enrol(741, 'b2')).thenRefused('enrolment-refused');
    given(enrolled, invited(740))
      .when({ ...enrol(740.5, 'b2'), publicKey: 'K' })
      .thenRefused('enrolment-refused');
    given(enrolled)
      .when(enrol(740, null, 'host'))
      .thenRefused('enrolment-refused');
    const fork: NodeEvent = { type: 'NodeForkSeen', data: { batch: '7', digest: 'd', previous: 'c' } };
    given(enrolled, fork).when(invite(740)).thenRefused('node-exists');
  });

  it('of the site’s own proxy is seen to by the host', () => {
    const own = enrolledFor(730, null);
    given(own)
      .when(enrol(740, null, 'host'))
      .then(renewed(730, 740));
    given(own)
      .when(enrol(740, null, 'control'))
      .thenRefused('enrolment-refused');
    given(own)
      .when(enrol(700, null, 'host'))
      .thenRefused('enrolment-refused');
  });
});
