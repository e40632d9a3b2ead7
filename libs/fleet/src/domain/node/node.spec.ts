import { describe, it } from 'vitest';
import type { CommandContext } from '#kernel';
import { byPerson, specify } from '#test/support/decider-specification';
import type { NodeEvent } from './events.js';
import { node } from './node.js';

const { given } = specify(node);
const operator = byPerson('Olga', ['operator']);
const expiresAt = '2026-11-23T12:48:14.123Z';
const byService = (id: string, rest: Partial<CommandContext> = {}): CommandContext => ({
  ...operator,
  actor: { kind: 'service', id, for: 'node/dmz-1' },
  ...rest,
});
const question = { batch: '7', digest: 'd'.repeat(64), previous: 'c'.repeat(64) };
const condition = { version: '0.1.0', policyPosition: '41', backlog: 0, backlogSince: null };

const invite = {
  type: 'InviteNode',
  name: 'dmz-1',
  tokenDigest: 'a1',
  expiresAt,
  keyDays: null,
  context: operator,
} as const;
const enrol = {
  type: 'EnrolNode',
  name: 'dmz-1',
  publicKey: 'K',
  tokenDigest: 'a1',
  context: byService('control'),
} as const;
const enrolHere = { ...enrol, tokenDigest: null, context: byService('host') } as const;
const retire = { type: 'RetireNode', name: 'dmz-1', context: operator } as const;
const heard = (context = byService('control')) => ({ type: 'NoteHeard', condition, context }) as const;
const silence = { type: 'NoteSilence', since: operator.at, context: byService('worker') } as const;
const fork = { type: 'NoteFork', question, context: byService('control') } as const;
const gap = { type: 'NoteGap', question, context: byService('control') } as const;

const invited: NodeEvent = { type: 'NodeInvited', data: { tokenDigest: 'a1', expiresAt } };
const terms = { keyDays: 730, keyExpiresAt: '2028-11-21T12:48:14.123Z' };
const enrolled: NodeEvent = {
  type: 'NodeEnrolled',
  data: { publicKey: 'K', tokenDigest: 'a1', ...terms },
};
const retired: NodeEvent = { type: 'NodeRetired', data: { publicKey: 'K' } };
const heardFrom: NodeEvent = { type: 'NodeHeardFrom', data: { ...condition, heardAt: operator.at } };
const older: NodeEvent = {
  type: 'NodeHeardFrom',
  data: { ...condition, version: '0.0.9', heardAt: operator.at },
};
const fellSilent: NodeEvent = { type: 'NodeFellSilent', data: { since: operator.at } };

describe('an invitation', () => {
  it('is given by an operator, and again until the node has enrolled', () => {
    given().when(invite).then(invited);
    given(invited)
      .when({ ...invite, tokenDigest: 'b2' })
      .then({ type: 'NodeInvited', data: { tokenDigest: 'b2', expiresAt } });
    given(invited, enrolled).when(invite).thenRefused('node-exists');
    given(invited, enrolled, retired).when(invite).thenRefused('node-exists');
  });
  it('is not for others to give, nor for any name', () => {
    given()
      .when({ ...invite, context: byPerson('Ada', ['author', 'admin']) })
      .thenRefused('operator-required');
    given()
      .when({ ...invite, context: byService('worker') })
      .thenRefused('operator-required');
    given()
      .when({ ...invite, name: 'a/b' })
      .thenRefused('invalid-node-name');
  });
});

describe('an enrolment', () => {
  it('takes the token once, and the same key with it again', () => {
    given(invited).when(enrol).then(enrolled);
    given(invited, enrolled).when(enrol).thenNothing();
    given(invited, enrolled)
      .when({ ...enrol, publicKey: 'L' })
      .thenRefused('enrolment-refused');
  });
  it('takes no token that is wrong, late, or was replaced', () => {
    given().when(enrol).thenRefused('enrolment-refused');
    given(invited)
      .when({ ...enrol, tokenDigest: 'b2' })
      .thenRefused('enrolment-refused');
    given(invited)
      .when({ ...enrol, context: byService('control', { at: expiresAt }) })
      .thenRefused('enrolment-refused');
    given(invited, { type: 'NodeInvited', data: { tokenDigest: 'b2', expiresAt } })
      .when(enrol)
      .thenRefused('enrolment-refused');
    given(invited, enrolled, retired).when(enrol).thenRefused('enrolment-refused');
  });
  it("needs no token for the site's own proxy, which the host enrols", () => {
    given()
      .when(enrolHere)
      .then({ type: 'NodeEnrolled', data: { publicKey: 'K', tokenDigest: null, ...terms } });
    given({ type: 'NodeEnrolled', data: { publicKey: 'K', tokenDigest: null } })
      .when(enrolHere)
      .thenNothing();
    given()
      .when({ ...enrolHere, context: byService('control') })
      .thenRefused('enrolment-refused');
    given(invited).when(enrolHere).thenRefused('enrolment-refused');
  });
});

describe('a retirement', () => {
  it('ends a node for good', () => {
    given(invited, enrolled).when(retire).then(retired);
    given(invited)
      .when(retire)
      .then({ type: 'NodeRetired', data: { publicKey: null } });
    given(invited, enrolled, retired).when(retire).thenRefused('node-retired');
    given().when(retire).thenRefused('no-such-node');
    given(invited, enrolled)
      .when({ ...retire, context: byPerson('Ada', ['author']) })
      .thenRefused('operator-required');
  });
});

describe('heartbeats', () => {
  it('become an event once an hour, or with another version', () => {
    given(invited, enrolled).when(heard()).then(heardFrom);
    given(invited, enrolled, heardFrom).when(heard()).thenNothing();
    const later = byService('control', { at: '2026-11-22T13:48:14.123Z' });
    given(invited, enrolled, heardFrom)
      .when(heard(later))
      .then({ type: 'NodeHeardFrom', data: { ...condition, heardAt: later.at } });
    given(invited, enrolled, older).when(heard()).then(heardFrom);
    const pilot = { ...condition, ring: 'pilot' };
    given(invited, enrolled, heardFrom)
      .when({ ...heard(), condition: pilot })
      .then({ type: 'NodeHeardFrom', data: { ...pilot, heardAt: operator.at } });
  });
  it('that stop are told once, and so is the first one after', () => {
    given(invited, enrolled, heardFrom).when(silence).then(fellSilent);
    given(invited, enrolled, heardFrom, fellSilent).when(silence).thenNothing();
    given(invited, enrolled, heardFrom, fellSilent)
      .when(heard())
      .then({ type: 'NodeCameBack', data: { ...condition, heardAt: operator.at } });
    given(invited).when(silence).thenNothing();
    given(invited, enrolled, retired).when(heard()).thenNothing();
  });
});

describe('two histories under one key', () => {
  it('are told once', () => {
    given(invited, enrolled).when(fork).then({ type: 'NodeForkSeen', data: question });
    given(invited, enrolled, { type: 'NodeForkSeen', data: question }).when(fork).thenNothing();
    given(invited, enrolled).when(gap).then({ type: 'NodeGapSeen', data: question });
    given(invited, enrolled, { type: 'NodeGapSeen', data: question }).when(gap).thenNothing();
  });
});
