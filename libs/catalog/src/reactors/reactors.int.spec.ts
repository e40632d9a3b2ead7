import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeEvent, uuidv7 } from '#kernel';
import { NO_STREAM } from '#event-store/port';
import { byPerson } from '#test/support/decider-specification';
import { sync, syncStream } from '../domain/sync/sync.js';
import { HELLO, SyncBench } from '../testing/sync-bench.js';
import { syncReactor } from './answer-sync-request/reactor.js';
import { lookAtWatchedReactor } from './look-at-watched-snap/reactor.js';
import { watchAskedReactor } from './watch-asked-snaps/reactor.js';

let bench: SyncBench;
beforeEach(async () => {
  bench = await SyncBench.open();
});
afterEach(async () => bench[Symbol.asyncDispose]());

async function ask(id: string, snaps: readonly string[] | null = null): Promise<void> {
  const context = byPerson('Ana', ['author']);
  await bench.writer.decideAndAppend(sync, syncStream(id), { type: 'RequestSync', snaps, context });
}

async function outcome(id: string) {
  const events = await bench.all(syncStream(id));
  return events.map(({ type, data }) => ({ type, data }));
}

/** As change control reports a capture. */
async function captured(id: string, ...snaps: { name: string; snapId: string }[]): Promise<void> {
  const event = {
    id: uuidv7(),
    type: 'ArtefactsCaptured',
    v: 1,
    stream: `change-request/${id}`,
    streamRevision: '0',
    part: [1, 1] as const,
    at: bench.clock.now(),
    zone: 'Etc/UTC',
    offset: '+00:00',
    actor: { kind: 'service', id: 'worker', for: `change-request/${id}` } as const,
    authorisedBy: [],
    reason: { code: 'capture', text: 'submission 1 asks for it' },
    cause: 'c',
    correlation: 'r',
    data: {
      changes: snaps.flatMap(({ name, snapId }) =>
        ['amd64', 'arm64'].map((architecture) => ({
          target: { format: 'snap', subject: snapId, channel: 'latest/stable', architecture },
          name,
          old: null,
          new: { version: '1', manifest: 'm' },
        })),
      ),
    },
  };
  const { id: eventId, type } = event;
  await bench.events.append(event.stream, NO_STREAM, [{ id: eventId, type, bytes: encodeEvent(event) }]);
}

describe('what a change request asked for', () => {
  it('is watched from then on, once, and looked at', async () => {
    await captured('CR-1', HELLO, { name: 'lab-tool', snapId: 'x'.repeat(32) });
    const reactor = watchAskedReactor(bench.ports);
    await bench.replayTo(reactor);
    await captured('CR-2', HELLO);
    await bench.replayTo(reactor);
    expect(await bench.all('watch-list/snap')).toMatchObject([
      {
        type: 'SnapAskedFor',
        data: { ...HELLO, changeRequest: 'CR-1' },
        actor: { for: 'change-request/CR-1' },
      },
      { type: 'SnapAskedFor', data: { name: 'lab-tool', changeRequest: 'CR-1' } },
    ]);
    const lookAt = lookAtWatchedReactor(bench.ports);
    await bench.replayTo(lookAt);
    const seen = await bench.all(`upstream-snap/${HELLO.snapId}`);
    expect(seen.map(({ type }) => type)).toEqual(['SnapFirstSeen', 'ChannelsListed']);
    bench.store.release('lab-hello', 'stable', 2);
    await bench.replayTo(lookAt);
    expect(await bench.all(`upstream-snap/${HELLO.snapId}`)).toHaveLength(2);
  });
});

describe('a snap that a person watches', () => {
  it('is looked at at once, or by the schedule if upstream is away', async () => {
    await bench.watch('lab-tool');
    const reactor = lookAtWatchedReactor(bench.ports);
    bench.store.fault({ mode: 'error-500' });
    await bench.replayTo(reactor);
    expect(await bench.all('upstream-snap/')).toEqual([]);
    bench.store.fault({ mode: 'none' });
    await bench.replayTo(reactor);
    expect((await bench.all('upstream-snap/')).map(({ type }) => type)).toContain('SnapFirstSeen');
  });
});

describe('a sync that a person asks for', () => {
  it('looks at all that is watched, and says how far it is', async () => {
    for (const name of ['lab-hello', 'lab-tool', 'lab-multi']) await bench.watch(name);
    await ask('1');
    await bench.replayTo(syncReactor(bench.ports));
    expect(await outcome('1')).toEqual([
      { type: 'SyncRequested', data: { snaps: null } },
      { type: 'SyncStarted', data: { total: 3 } },
      { type: 'SyncProgressed', data: { done: 1 } },
      { type: 'SyncProgressed', data: { done: 2 } },
      { type: 'SyncProgressed', data: { done: 3 } },
      {
        type: 'SyncCompleted',
        data: { done: 3, changed: 3, failures: [], moreFailures: 0, notAsked: 0 },
      },
    ]);
    const [asked, started] = await bench.all(syncStream('1'));
    expect(started).toMatchObject({ cause: asked?.id, authorisedBy: [asked?.id], correlation: 'request-1' });
    const [seen] = await bench.all('upstream-snap/');
    expect(seen).toMatchObject({
      authorisedBy: [asked?.id],
      reason: { text: expect.stringContaining('Ana') as string },
    });
  });

  it('is answered once', async () => {
    await bench.watch('lab-hello');
    await ask('1');
    const reactor = syncReactor(bench.ports);
    await bench.replayTo(reactor);
    const before = await bench.all();
    await bench.replayTo(reactor);
    expect(await bench.all()).toEqual(before);
  });

  it('names what failed, and what nobody watches', async () => {
    await bench.watch('lab-hello');
    await bench.watch('lab-gone');
    await ask('1', ['lab-hello', 'lab-gone', 'lab-other']);
    await bench.replayTo(syncReactor(bench.ports));
    expect((await outcome('1')).at(-1)?.data).toMatchObject({
      done: 2,
      changed: 1,
      failures: [
        { snap: 'lab-gone', code: 'snap-not-found' },
        { snap: 'lab-other', code: 'not-watched' },
      ],
    });
  });

  it('ends when upstream is away, and says so', async () => {
    for (const name of ['lab-hello', 'lab-multi', 'lab-tool']) await bench.watch(name);
    bench.store.fault({ mode: 'error-500', path: '/v2/snaps/info/lab-multi' });
    await ask('1');
    await bench.replayTo(syncReactor(bench.ports));
    expect((await outcome('1')).at(-1)?.data).toMatchObject({
      done: 2,
      changed: 1,
      failures: [{ snap: 'lab-multi', code: 'server-error' }],
      notAsked: 1,
    });
  });

  it('that a stop of the worker cuts off is not said to be done', async () => {
    await bench.watch('lab-hello');
    await ask('1');
    const [, request] = await bench.all();
    bench.stopping.abort(new Error('the worker is stopping'));
    if (!request) throw new Error('there is no request');
    await expect(syncReactor(bench.ports).handle({ envelope: request })).rejects.toThrow('stopping');
    expect((await outcome('1')).map(({ type }) => type)).toEqual(['SyncRequested', 'SyncStarted']);
  });
});
