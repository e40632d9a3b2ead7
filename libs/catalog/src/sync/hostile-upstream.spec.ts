import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeEvent, type EventEnvelope, StoppedClock } from '#kernel';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { StreamWriter } from '#platform/decide-and-append';
import { HttpUpstreamStore, upstreamSettings } from '#upstream/published';
import { SigningAuthority } from '../testing/signing-authority.js';
import {
  declarationHeaders,
  pathOf,
  PUBLISHER,
  SNAP_ID,
  snapObject,
  testStore,
  type TestStore,
} from '../testing/test-store.js';
import type { HeldRevision } from './look-at-revisions.js';
import { SnapObserver } from './snap-observer.js';
import { onSchedule } from './sync-context.js';

const authority = new SigningAuthority();
const clock = new StoppedClock('2026-11-26T12:00:00.000Z');
const hello = { name: 'lab-hello', snapId: SNAP_ID };

let store: TestStore;
let upstream: HttpUpstreamStore;
let events: InMemoryEventStore;
let observer: SnapObserver;
let held: HeldRevision[] = [];
beforeEach(async () => {
  store = await testStore(authority);
  store.info = info();
  upstream = new HttpUpstreamStore(upstreamSettings(store.url));
  events = new InMemoryEventStore();
  held = [];
  observer = new SnapObserver({
    upstream,
    roots: authority.roots,
    architectures: ['amd64'],
    clock,
    writer: new StreamWriter(events, 'Etc/UTC'),
    held: async () => held,
    onLook: () => undefined,
  });
});
afterEach(async () => {
  await upstream.close();
  await store[Symbol.asyncDispose]();
});

const channel = (changes: object = {}) => ({
  architecture: 'amd64',
  name: 'stable',
  risk: 'stable',
  track: 'latest',
  'released-at': '2024-01-02T03:04:05.000000+00:00',
  ...changes,
});
const entry = (changes: object = {}) => ({ channel: channel(), revision: 5, version: '2.0', ...changes });
const info = (changes: object = {}) => ({
  'channel-map': [entry()],
  name: 'lab-hello',
  'snap-id': SNAP_ID,
  snap: { publisher: { id: PUBLISHER } },
  ...changes,
});
const look = () => observer.look(hello, onSchedule(clock));
async function all(): Promise<EventEnvelope[]> {
  const envelopes = [];
  for await (const append of events.readAll(null))
    envelopes.push(...append.events.map(({ bytes }) => decodeEvent(bytes)));
  return envelopes;
}
const types = async (): Promise<string[]> => (await all()).map(({ type }) => type);

it('passes over what upstream has for an architecture that nobody here has heard of', async () => {
  store.info = info({ 'channel-map': [entry(), entry({ channel: channel({ architecture: 'pdp11' }) })] });
  expect(await look()).toMatchObject({ outcome: 'changed' });
  const [, listed] = await all();
  expect(listed?.data).toMatchObject({ releases: [{ architecture: 'amd64', revision: 5 }] });
});

describe('an answer of upstream is refused whole', () => {
  it.each([
    ['of another snap', info({ 'snap-id': 'x'.repeat(32) }), 'metadata-disagrees', /about x{32}/],
    ['of another name', info({ name: 'lab-bye' }), 'metadata-disagrees', /named lab-bye/],
    [
      'by another publisher',
      info({ snap: { publisher: { id: 'x'.repeat(32) } } }),
      'metadata-disagrees',
      /x{32}/,
    ],
    ['without a map', info({ 'channel-map': undefined }), 'malformed-metadata', /channel-map/],
    ['without an id', info({ 'snap-id': 7 }), 'malformed-metadata', /snap-id/],
    ['without a publisher', info({ snap: {} }), 'malformed-metadata', /publisher/],
    ['with an entry that is none', info({ 'channel-map': ['x'] }), 'malformed-metadata', /entry/],
    [
      'without a revision',
      info({ 'channel-map': [entry({ revision: 0 })] }),
      'malformed-metadata',
      /revision/,
    ],
    [
      'with half a revision',
      info({ 'channel-map': [entry({ revision: 1.5 })] }),
      'malformed-metadata',
      /revision/,
    ],
    [
      'with a huge revision',
      info({ 'channel-map': [entry({ revision: 2 ** 40 })] }),
      'malformed-metadata',
      /revision/,
    ],
    [
      'with a long version',
      info({ 'channel-map': [entry({ version: 'v'.repeat(65) })] }),
      'malformed-metadata',
      /version/,
    ],
    [
      'with a version that is no text',
      info({ 'channel-map': [entry({ version: '\u0000' })] }),
      'malformed-metadata',
      /version/,
    ],
    [
      'without a channel',
      info({ 'channel-map': [entry({ channel: null })] }),
      'malformed-metadata',
      /channel/,
    ],
    [
      'with a channel of nowhere',
      info({ 'channel-map': [entry({ channel: channel({ name: 'a b/stable', track: 'a b' }) })] }),
      'malformed-channel',
      /no channel/,
    ],
    [
      'with a channel of another track',
      info({ 'channel-map': [entry({ channel: channel({ name: '2.0/stable' }) })] }),
      'malformed-metadata',
      /track/,
    ],
    [
      'of no time',
      info({ 'channel-map': [entry({ channel: channel({ 'released-at': 'today' }) })] }),
      'malformed-metadata',
      /released-at/,
    ],
    [
      'of no architecture',
      info({ 'channel-map': [entry({ channel: channel({ architecture: 11 }) })] }),
      'malformed-metadata',
      /architecture/,
    ],
    [
      'with two revisions in one place',
      info({ 'channel-map': [entry(), entry({ revision: 6 })] }),
      'malformed-metadata',
      /two/,
    ],
    [
      'with more channels than anybody has',
      info({
        'channel-map': Array.from({ length: 2_001 }, (_, i) =>
          entry({ channel: channel({ name: `t${i}/stable`, track: `t${i}` }) }),
        ),
      }),
      'malformed-metadata',
      /2000/,
    ],
  ])('%s', async (_, answer, code, message) => {
    await look();
    const before = await types();
    store.info = answer;
    expect(await look()).toMatchObject({
      outcome: 'failed',
      code,
      message: expect.stringMatching(message) as string,
    });
    expect((await types()).slice(before.length)).toEqual(['ObservationFailed']);
  });

  it.each([
    ['200 with HTML', '<html>', 'malformed-answer'],
    ['JSON without an end', `{"channel-map":${'['.repeat(50_000)}`, 'malformed-answer'],
    [
      'JSON that leads down for ever',
      `{"channel-map":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      'malformed-metadata',
    ],
  ])('%s', async (_, body, code) => {
    store.intercept = ({ url }, response) => {
      const mine = url?.startsWith('/v2/snaps/info') ?? false;
      if (mine) response.writeHead(200).end(body);
      return mine;
    };
    expect(await look()).toMatchObject({ outcome: 'failed', code });
    expect(await types()).toEqual(['ObservationFailed']);
  });

  it('with a declaration that somebody else signed', async () => {
    const forged = new SigningAuthority('forger').sign('snap-declaration', declarationHeaders());
    store.assertions.set(pathOf(forged), forged.bytes);
    expect(await look()).toMatchObject({ outcome: 'failed', code: 'assertion-not-found' });
  });

  it('with another snap’s declaration', async () => {
    const other = authority.sign('snap-declaration', declarationHeaders({ 'snap-id': 'y'.repeat(32) }));
    store.assertions.set(pathOf({ type: other.type, primaryKey: ['16', SNAP_ID] }), other.bytes);
    expect(await look()).toMatchObject({ outcome: 'failed', code: 'metadata-disagrees' });
  });
});

describe('what a store says of a revision that is held', () => {
  beforeEach(() => {
    held = [{ revision: 4, architecture: 'amd64' }];
  });

  it('is not taken for another one’s', async () => {
    // As snapd's own test store does: it ignores the number.
    expect(await look()).toMatchObject({ outcome: 'changed' });
    expect(await types()).toEqual(['SnapFirstSeen', 'ChannelsListed']);
  });

  it('is refused for another snap’s', async () => {
    const snap = { ...snapObject(store.url), revision: 4, 'snap-id': 'z'.repeat(32) };
    store.result = () => ({ result: 'download', snap });
    expect(await look()).toMatchObject({ outcome: 'failed', code: 'metadata-disagrees' });
  });

  it('is refused when it cannot be read: nothing of the look is recorded', async () => {
    store.result = () => ({ result: 'download', snap: { revision: 4 } });
    expect(await look()).toMatchObject({ outcome: 'failed', code: 'malformed-metadata' });
    expect(await types()).toEqual(['ObservationFailed']);
  });
});

it('a snap that is signed for with another key is noticed', async () => {
  await look();
  const before = await types();
  const later = new SigningAuthority('test-authority');
  observer = new SnapObserver({
    upstream,
    roots: later.roots,
    architectures: ['amd64'],
    clock,
    writer: new StreamWriter(events, 'Etc/UTC'),
    held: async () => [],
    onLook: () => undefined,
  });
  for (const assertion of [
    later.sign('snap-declaration', declarationHeaders({ revision: '1' })),
    later.signAccount(PUBLISHER),
    later.storeKey,
  ])
    store.assertions.set(pathOf(assertion), assertion.bytes);
  expect(await look()).toMatchObject({ outcome: 'changed' });
  expect((await types()).slice(before.length)).toEqual(['DeclarationChanged', 'SigningKeysChanged']);
});

it('429 is an upstream that wants to be left alone, no fact about a snap', async () => {
  store.intercept = (_, response) => {
    response.writeHead(429).end();
    return true;
  };
  await expect(look()).rejects.toMatchObject({ code: 'server-error', transient: true });
  expect(await types()).toEqual([]);
});
