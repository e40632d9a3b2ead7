import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HELLO, SyncBench } from '../testing/sync-bench.js';
import { WATCH_LIST_STREAM, watchedSnaps, watchList } from '../domain/watch-list/watch-list.js';
import { onSchedule } from './sync-context.js';

let bench: SyncBench;
beforeEach(async () => {
  bench = await SyncBench.open();
});
afterEach(async () => bench[Symbol.asyncDispose]());

const look = (watched: { name: string; snapId: string | null } = HELLO) =>
  bench.observer.look(watched, onSchedule(bench.clock));

/** What the last look added: types and data. */
async function added(watched?: { name: string; snapId: string | null }) {
  const before = (await bench.all()).length;
  await look(watched);
  return (await bench.all()).slice(before).map(({ type, data }) => ({ type, data }));
}

describe('a look at a snap of the sandbox store', () => {
  it('records it whole, with who and why, and then nothing', async () => {
    expect(await look()).toMatchObject({ outcome: 'changed' });
    const [first, listed] = await bench.all(`upstream-snap/${HELLO.snapId}`);
    expect(first).toMatchObject({
      type: 'SnapFirstSeen',
      data: { ...HELLO, publisher: 'labdevlabdevlabdevlabdevlabdev00', declaration: { revision: 0 } },
      actor: { kind: 'service', id: 'worker', for: 'watch-list/snap' },
      reason: { code: 'sync' },
      part: [1, 2],
    });
    expect(listed?.data).toMatchObject({
      releases: ['amd64', 'arm64'].flatMap((architecture) =>
        [
          ['stable', 1],
          ['candidate', 2],
          ['edge', 5],
        ].map(([risk, revision]) => ({ channel: `latest/${risk}`, architecture, revision })),
      ),
    });
    expect(await look()).toEqual({ outcome: 'unchanged' });
    expect(await bench.all()).toHaveLength(2);
  });

  it('finds the id of one that is known by its name alone', async () => {
    await look({ name: 'lab-hello', snapId: null });
    expect(await bench.all(`upstream-snap/${HELLO.snapId}`)).toHaveLength(2);
  });

  it('sees a revocation also of a snap that is on the list by its name, which upstream then forgets', async () => {
    await bench.watch('lab-hello');
    const [listed] = watchedSnaps((await bench.writer.load(watchList, WATCH_LIST_STREAM)).state);
    expect(listed).toEqual({ name: 'lab-hello', snapId: null });
    await look(listed);
    const { state } = await bench.writer.load(watchList, WATCH_LIST_STREAM);
    expect(watchedSnaps(state)).toEqual([HELLO]);
    bench.store.declare('lab-hello', { revoked: true });
    expect(await added(watchedSnaps(state)[0])).toMatchObject([
      { type: 'DeclarationRevoked', data: { new: { revoked: true } } },
    ]);
  });

  it('sees a release and a channel that is closed', async () => {
    await look();
    bench.store.release('lab-hello', 'stable', 2, 'amd64');
    bench.store.release('lab-hello', 'edge', null, 'arm64');
    expect(await added()).toMatchObject([
      {
        type: 'ChannelClosed',
        data: { channel: 'latest/edge', architecture: 'arm64', old: { revision: 5 } },
      },
      {
        type: 'ChannelReleased',
        data: { channel: 'latest/stable', architecture: 'amd64', old: { revision: 1 }, new: { revision: 2 } },
      },
    ]);
  });

  it('sees that a revision vanished, and that it comes back', async () => {
    await look();
    bench.store.withdraw('lab-hello', 5);
    expect(await added()).toMatchObject([
      { type: 'ChannelClosed' },
      { type: 'ChannelClosed' },
      { type: 'RevisionVanished', data: { revision: 5, held: false } },
    ]);
    expect(await added()).toEqual([]);
    bench.store.addRevision('lab-hello', 5, '5.0');
    expect(await added()).toMatchObject([
      { type: 'RevisionReturned', data: { revision: 5, version: '5.0' } },
    ]);
  });

  it('asks for what is held by its number', async () => {
    bench.store.addRevision('lab-hello', 7, '7.0');
    bench.held = [
      { revision: 7, architecture: 'arm64' },
      { revision: 1, architecture: 'amd64' },
    ];
    const events = await added();
    expect(events.slice(2)).toEqual([
      { type: 'RevisionSeen', data: { revision: 7, architecture: 'arm64', version: '7.0' } },
    ]);
    bench.store.withdraw('lab-hello', 7);
    expect(await added()).toMatchObject([{ type: 'RevisionVanished', data: { version: '7.0', held: true } }]);
  });

  it('sees another publisher, and then a revoked declaration', async () => {
    await look();
    const publisher = 'otherotherotherotherotherother00';
    bench.store.declare('lab-hello', { publisher });
    expect(await added()).toMatchObject([
      { type: 'DeclarationChanged', data: { old: { revision: 0 }, new: { revision: 1 } } },
      { type: 'PublisherChanged', data: { new: publisher } },
    ]);
    bench.store.declare('lab-hello', { revoked: true });
    expect(await added()).toMatchObject([
      { type: 'DeclarationRevoked', data: { old: { revision: 1 }, new: { revision: 2, revoked: true } } },
    ]);
    expect(await added()).toEqual([]);
  });
});

describe('a look that comes to nothing', () => {
  it('for a chain that is broken is said once, and when it is over', async () => {
    await look();
    bench.store.fault({ mode: 'broken-chain' });
    expect(await added()).toMatchObject([
      { type: 'ObservationFailed', data: { code: 'assertion-not-found' } },
    ]);
    expect(await added()).toEqual([]);
    expect(bench.looks.at(-1)).toMatchObject({ outcome: 'failed', code: 'assertion-not-found' });
    bench.store.fault({ mode: 'none' });
    bench.store.release('lab-hello', 'beta', 2, 'amd64');
    expect(await added()).toMatchObject([
      { type: 'ObservationRecovered', data: { from: 'assertion-not-found' } },
      { type: 'ChannelReleased' },
    ]);
  });

  it('for a name that upstream does not have is told who asked', async () => {
    expect(await look({ name: 'nobody-has-it', snapId: null })).toMatchObject({
      outcome: 'failed',
      code: 'snap-not-found',
    });
    expect(await bench.all()).toEqual([]);
  });

  it('while upstream is away is no fact about the snap', async () => {
    await look();
    const before = await bench.all();
    bench.store.fault({ mode: 'error-500' });
    await expect(look()).rejects.toMatchObject({ code: 'server-error', transient: true });
    await bench.store.close();
    await expect(look()).rejects.toMatchObject({ code: 'unreachable' });
    expect(await bench.all()).toEqual(before);
    expect(bench.looks).toHaveLength(1);
  });

  it('does not hold up the next one', async () => {
    bench.store.fault({ mode: 'error-500' });
    const failing = look().catch((error: unknown) => {
      bench.store.fault({ mode: 'none' });
      return error;
    });
    const [failed, next] = await Promise.all([failing, look({ name: 'lab-tool', snapId: null })]);
    expect(failed).toMatchObject({ code: 'server-error' });
    expect(next).toMatchObject({ outcome: 'changed' });
  });
});
