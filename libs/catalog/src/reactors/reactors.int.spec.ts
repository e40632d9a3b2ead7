import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeEvent, uuidv7, type JsonObject } from '#kernel';
import { NO_STREAM } from '#event-store/port';
import { byPerson } from '#test/support/decider-specification';
import { sync, syncStream } from '../domain/sync/sync.js';
import type { DeliveriesRecorded, DeviceMark } from '#fleet/published';
import { HELLO, SyncBench } from '../testing/sync-bench.js';
import { syncReactor } from './answer-sync-request/reactor.js';
import { lookAtReportedReactor } from './look-at-reported-snaps/reactor.js';
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

/** What another context has recorded in a stream of its own. */
async function happened(type: string, stream: string, data: object): Promise<void> {
  const event = {
    id: uuidv7(),
    type,
    v: 1,
    stream,
    streamRevision: '0',
    part: [1, 1] as const,
    at: bench.clock.now(),
    zone: 'Etc/UTC',
    offset: '+00:00',
    actor: { kind: 'service', id: 'worker', for: stream } as const,
    authorisedBy: [],
    reason: { code: 'test', text: 'a test needs it' },
    cause: 'c',
    correlation: 'r',
    data: data as JsonObject,
  };
  await bench.events.append(stream, NO_STREAM, [{ id: event.id, type, bytes: encodeEvent(event) }]);
}

/** As change control reports a capture. */
async function captured(id: string, ...snaps: { name: string; snapId: string }[]): Promise<void> {
  await happened('ArtefactsCaptured', `change-request/${id}`, {
    changes: snaps.flatMap(({ name, snapId }) =>
      ['amd64', 'arm64'].map((architecture) => ({
        target: { format: 'snap', subject: snapId, channel: 'latest/stable', architecture },
        name,
        old: null,
        new: { version: '1', manifest: 'm' },
      })),
    ),
  });
}

let batches = 0;
/** As control records what a node hands over: a device that has these snaps. */
async function reported(device: DeviceMark | null, ...snapIds: string[]): Promise<void> {
  const snaps = snapIds.map((snapId) => {
    return { snapId, instance: null, revision: 1, channel: 'latest/stable', cohort: false };
  });
  const what = { what: 'installed', architecture: 'amd64', report: 'a'.repeat(64), left: 0 } as const;
  const records: DeliveriesRecorded['data']['records'] = [
    { at: bench.clock.now(), ...what, device, snaps, position: '1' },
  ];
  await happened('DeliveriesRecorded', `deliveries/dmz-1/${++batches}`, { records });
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

describe('a snap that devices have', () => {
  const device = { brand: 'lab', model: 'box', serial: '1', proof: 'store' } as const;
  const madeUp = (i: number) => String(i).padStart(32, 'x');
  const looksAt = async () =>
    (await bench.all('upstream-snap/')).map(({ type, stream }) => `${type} ${stream}`);

  it('is looked at by its id, once, and not watched', async () => {
    await reported(device, HELLO.snapId);
    const reactor = lookAtReportedReactor(bench.ports);
    await bench.replayTo(reactor);
    await reported({ ...device, serial: '2' }, HELLO.snapId);
    await bench.replayTo(reactor);
    await bench.replayTo(lookAtReportedReactor(bench.ports));
    const [first, ...rest] = await bench.all(`upstream-snap/${HELLO.snapId}`);
    expect(first).toMatchObject({ type: 'SnapFirstSeen', data: HELLO });
    expect(rest.map(({ type }) => type)).toEqual(['ChannelsListed']);
    expect(bench.looks).toHaveLength(1);
    expect(await bench.all('watch-list/')).toEqual([]);
  });

  it('that upstream does not know is said to be so, once', async () => {
    await reported(device, madeUp(1));
    await bench.replayTo(lookAtReportedReactor(bench.ports));
    await bench.replayTo(lookAtReportedReactor(bench.ports));
    expect(await looksAt()).toEqual([`ObservationFailed upstream-snap/${madeUp(1)}`]);
  });

  it('is looked at later where upstream is away, with the next report of any device', async () => {
    await reported(device, HELLO.snapId);
    const reactor = lookAtReportedReactor(bench.ports);
    bench.store.fault({ mode: 'error-500' });
    await bench.replayTo(reactor);
    expect(await looksAt()).toEqual([]);
    bench.store.fault({ mode: 'none' });
    await happened('DeliveriesRecorded', 'deliveries/dmz-1/later', { records: [] });
    await bench.replayTo(reactor);
    expect(await looksAt()).toContain(`SnapFirstSeen upstream-snap/${HELLO.snapId}`);
  });

  it('is looked at a bounded number of times an hour, where nobody knows who says so, and others are not held up', async () => {
    await reported(null, 'no id', '', ...Array.from({ length: 150 }, (_, i) => madeUp(i)));
    await reported(device, HELLO.snapId);
    const reactor = lookAtReportedReactor(bench.ports);
    await bench.replayTo(reactor);
    const seen = await looksAt();
    expect(seen.filter((each) => each.startsWith('ObservationFailed'))).toHaveLength(100);
    expect(seen).toContain(`SnapFirstSeen upstream-snap/${HELLO.snapId}`);
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
