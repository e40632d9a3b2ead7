import { describe, expect, it } from 'vitest';
import { fold } from '#kernel';
import { byPerson, byWorker, specify } from '#test/support/decider-specification';
import type { SinkAdded } from './events.js';
import { sinks } from './sinks.js';
import { targetOf } from './target.js';
import { isAbout } from './topics.js';

const { given } = specify(sinks);
const olga = byPerson('olga', ['operator']);
const target = { kind: 'webhook', url: 'https://ops.example/hook' } as const;
const everything = { about: [], types: [] };
const secret = { hmacSha256: 'aa' };
const definition = { target, filter: everything, secret, giveUpAfterHours: 24 };
const added: SinkAdded = { type: 'SinkAdded', data: { name: 'ops', new: definition, from: null } };
const add = {
  type: 'AddSink',
  name: 'ops',
  target,
  filter: everything,
  secret,
  giveUpAfterHours: 24,
  from: null,
  context: olga,
} as const;

const unchanged = {
  type: 'ChangeSink',
  name: 'ops',
  target: {},
  filter: undefined,
  secret: undefined,
  giveUpAfterHours: undefined,
  context: olga,
} as const;

describe('a sink', () => {
  it('is added once, by an operator, under a right name', () => {
    given().when(add).then(added);
    given(added).when(add).thenRefused('sink-exists');
    given()
      .when({ ...add, name: 'Ops' })
      .thenRefused('wrong-sink');
    given()
      .when({ ...add, context: byPerson('ana', ['author']) })
      .thenRefused('operator-required');
  });

  it('is one of twenty at most', () => {
    const twenty = Array.from({ length: 20 }, (_, i): SinkAdded => {
      return { type: 'SinkAdded', data: { ...added.data, name: `s${i}` } };
    });
    given(...twenty)
      .when(add)
      .thenRefused('too-many-sinks');
    const removed = { type: 'SinkRemoved', data: { name: 's3', old: definition } } as const;
    given(...twenty, removed)
      .when(add)
      .then(added);
  });

  it('is changed, old and new; nothing is recorded where nothing changes', () => {
    const filter = { about: ['halts'], types: ['OverrideSet'] } as const;
    const change = { ...unchanged, filter };
    const next = { ...definition, filter };
    given(added)
      .when(change)
      .then({ type: 'SinkChanged', data: { name: 'ops', old: definition, new: next } });
    given(added, { type: 'SinkChanged', data: { name: 'ops', old: definition, new: next } })
      .when(change)
      .thenNothing();
    given(added)
      .when({ ...change, filter: { about: [], types: ['override set'] } })
      .thenRefused('wrong-sink');
    given().when(change).thenRefused('no-such-sink');
  });

  it('keeps what is not said of its target, and is what it was added as', () => {
    const board = targetOf({
      kind: 'mail',
      address: 'smtps://mail.example',
      from: 'holdfast@site.example',
      roles: ['qa'],
    });
    const old = { ...definition, target: board };
    const next = { ...old, target: { ...board, roles: ['approver'] } };
    given({ type: 'SinkAdded', data: { name: 'ops', new: old, from: null } })
      .when({ ...unchanged, target: { roles: ['approver'] } })
      .then({ type: 'SinkChanged', data: { name: 'ops', old, new: next } });
    given(added)
      .when({ ...unchanged, target: { address: 'smtps://mail.example', roles: ['qa'] } })
      .thenRefused('wrong-sink');
    given(added)
      .when({ ...unchanged, secret: null })
      .thenRefused('wrong-sink');
  });

  it('shows no mail server the credentials of another one', () => {
    const from = 'holdfast@site.example';
    const at = (address: string) => targetOf({ kind: 'mail', address, from, roles: ['qa'] });
    const old = { ...definition, target: at('smtps://mail.example') };
    const mail: SinkAdded = { type: 'SinkAdded', data: { name: 'ops', new: old, from: null } };
    const moved = { ...unchanged, target: { address: 'smtps://other.example' } };
    const next = { ...old, target: at('smtps://other.example') };
    const changed = (secret: { readonly hmacSha256: string } | null) =>
      ({ type: 'SinkChanged', data: { name: 'ops', old, new: { ...next, secret } } }) as const;
    given(mail).when(moved).thenRefused('wrong-sink');
    given(mail)
      .when({ ...moved, secret: { hmacSha256: 'bb' } })
      .then(changed({ hmacSha256: 'bb' }));
    given(mail)
      .when({ ...moved, secret: null })
      .then(changed(null));
  });

  it('is paused, resumed, replayed and removed', () => {
    const steer = (type: 'PauseSink' | 'ResumeSink' | 'RemoveSink') =>
      ({ type, name: 'ops', context: olga }) as const;
    const paused = { type: 'SinkPaused', data: { name: 'ops' } } as const;
    given(added).when(steer('PauseSink')).then(paused);
    given(added, paused).when(steer('PauseSink')).thenNothing();
    given(added, paused)
      .when(steer('ResumeSink'))
      .then({ type: 'SinkResumed', data: { name: 'ops' } });
    given(added)
      .when({ type: 'ReplaySink', name: 'ops', from: '7', context: olga })
      .then({
        type: 'SinkReplayAsked',
        data: { name: 'ops', from: '7' },
      });
    given(added)
      .when(steer('RemoveSink'))
      .then({ type: 'SinkRemoved', data: { name: 'ops', old: definition } });
    given().when(steer('RemoveSink')).thenRefused('no-such-sink');
  });

  it('is noted as failing once until it recovers, and not at all once it is gone', () => {
    const context = byWorker('sink/ops');
    const since = '2026-11-24T08:00:00.000Z';
    const note = { type: 'NoteFailing', name: 'ops', since, why: 'status 503', context } as const;
    const failing = { type: 'SinkFailing', data: { name: 'ops', since, why: 'status 503' } } as const;
    const recover = { type: 'NoteRecovered', name: 'ops', context } as const;
    given(added).when(note).then(failing);
    given(added, failing).when(note).thenNothing();
    given(added, failing)
      .when(recover)
      .then({ type: 'SinkRecovered', data: { name: 'ops', since } });
    given(added).when(recover).thenNothing();
    given().when(note).thenNothing();
  });
});

describe('the address of a webhook', () => {
  it.each([
    ['https://ops.example/hook?team=1', 'https://ops.example/hook?team=1'],
    ['http://127.0.0.1:8090/', 'http://127.0.0.1:8090/'],
    ['http://[::1]:8090/x', 'http://[::1]:8090/x'],
  ])('may be %s', (address, url) => {
    expect(targetOf({ kind: 'webhook', address })).toEqual({ kind: 'webhook', url });
  });

  it.each([
    ['http://ops.example/hook', /plain http/],
    ['http://127.0.0.1.ops.example/', /plain http/],
    ['https://me:hunter2@ops.example/', /credentials/],
    ['https://ops.example/#part', /fragment/],
    ['ftp://ops.example/', /no address/],
    ['ops.example', /no address/],
  ])('may not be %s', (address, why) => {
    const refused = () => targetOf({ kind: 'webhook', address });
    expect(refused).toThrow(expect.objectContaining({ code: 'wrong-sink' }));
    expect(refused).toThrow(why);
    expect(refused).not.toThrow(/hunter2/);
  });
});

describe('a mail', () => {
  const given = { kind: 'mail', address: 'smtps://mail.example', from: 'holdfast@site.example' } as const;

  it('goes to roles and addresses, by TLS', () => {
    expect(
      targetOf({ ...given, roles: ['approver'], recipients: ['qa@site.example', 'qa@site.example'] }),
    ).toEqual({
      kind: 'mail',
      server: 'smtps://mail.example:465',
      from: 'holdfast@site.example',
      roles: ['approver'],
      addresses: ['qa@site.example'],
    });
    expect(targetOf({ ...given, address: 'smtp://Mail.example', roles: ['qa'] })).toMatchObject({
      server: 'smtp://mail.example:587',
    });
  });

  it.each([
    [{ ...given }, /to somebody/],
    [{ ...given, from: undefined, roles: ['qa'] }, /a sender/],
    [{ ...given, recipients: ['a@b\r\nBcc: x@y.example'] }, /no mail address/],
    [{ ...given, recipients: ['a..b@c.example'] }, /no mail address/],
    [{ ...given, roles: ['Approver!'] }, /no role/],
    [{ ...given, roles: ['qa'], address: 'smtps://me:hunter2@mail.example' }, /no server for mail/],
    [{ ...given, roles: ['qa'], address: 'smtps://mail.example:70000' }, /no server for mail/],
    [{ kind: 'webhook', address: 'https://a.example', roles: ['qa'] } as const, /only a mail/],
  ])('is refused otherwise: %j', (wrong, why) => {
    expect(() => targetOf(wrong)).toThrow(why);
    expect(() => targetOf(wrong)).not.toThrow(/hunter2/);
  });
});

describe('a syslog server', () => {
  it('is reached by TLS, or is on this machine', () => {
    const server = (address: string) => targetOf({ kind: 'syslog', address });
    expect(server('syslog+tls://siem.example')).toEqual({
      kind: 'syslog',
      server: 'syslog+tls://siem.example:6514',
    });
    expect(server('syslog+tcp://127.0.0.1:1601')).toMatchObject({ server: 'syslog+tcp://127.0.0.1:1601' });
    expect(server('syslog+tls://[2001:db8::1]:99')).toMatchObject({
      server: 'syslog+tls://[2001:db8::1]:99',
    });
    expect(() => server('syslog+tcp://siem.example')).toThrow(/not encrypted/);
    expect(() => server('udp://siem.example')).toThrow(/no server for syslog/);
  });
});

it('replays are kept, each with where it is from', () => {
  const asked = (from: string) => ({ type: 'SinkReplayAsked', data: { name: 'ops', from } }) as const;
  const { byName } = fold(sinks, [added, asked('9'), asked('7')]);
  expect(byName.get('ops')?.replays).toEqual(['9', '7']);
});

describe('a filter', () => {
  it('is about everything, or about what it names', () => {
    expect(isAbout(everything, 'OverrideSet')).toBe(true);
    expect(isAbout({ about: ['halts'], types: ['OverrideSet'] }, 'RingHalted')).toBe(true);
    expect(isAbout({ about: ['halts'], types: ['OverrideSet'] }, 'OverrideSet')).toBe(true);
    expect(isAbout({ about: ['halts'], types: [] }, 'OverrideSet')).toBe(false);
  });
});
