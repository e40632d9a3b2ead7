import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeEvent, StoppedClock, type EventEnvelope } from '#kernel';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { StreamWriter } from '#platform/decide-and-append';
import { loadTrustRoots } from '#snap';
import { HttpUpstreamStore, upstreamSettings } from '#upstream/published';
import { byPerson } from '#test/support/decider-specification';
import { WATCH_LIST_STREAM, watchList } from '../domain/watch-list/watch-list.js';
import type { HeldRevision } from '../sync/look-at-revisions.js';
import { SnapObserver, type Look } from '../sync/snap-observer.js';

export const HELLO = { name: 'lab-hello', snapId: 'labhelloidlabhelloidlabhelloid01' };

/** The sandbox store on a real socket, and an observer of it that records in memory. */
export class SyncBench implements AsyncDisposable {
  readonly events = new InMemoryEventStore();
  readonly writer = new StreamWriter(this.events, 'Etc/UTC');
  readonly clock = new StoppedClock('2026-11-26T12:00:00.000Z');
  readonly looks: Look[] = [];
  readonly stopping = new AbortController();
  held: readonly HeldRevision[] = [];

  private constructor(
    readonly store: SandboxStore,
    readonly observer: SnapObserver,
    private readonly release: () => Promise<void>,
  ) {}

  static async open(): Promise<SyncBench> {
    const dir = await mkdtemp(join(tmpdir(), 'holdfast-sync-'));
    const store = await startSandboxStore({ dir, keysDir: join(dir, 'keys') });
    const files = await readdir(store.trustRootsDir);
    const texts = await Promise.all(files.map((file) => readFile(join(store.trustRootsDir, file))));
    const upstream = new HttpUpstreamStore(upstreamSettings(store.url));
    let closed = false;
    const closeStore = async (): Promise<void> => {
      if (!closed) await store.close();
      closed = true;
    };
    const bench: SyncBench = new SyncBench(
      { ...store, close: closeStore },
      new SnapObserver({
        upstream,
        roots: loadTrustRoots(texts),
        architectures: ['amd64', 'arm64'],
        clock: { now: () => bench.clock.now() },
        get writer() {
          return bench.writer;
        },
        held: async () => bench.held,
        onLook: (look) => bench.looks.push(look),
      }),
      async () => {
        await upstream.close();
        await closeStore();
        await rm(dir, { recursive: true });
      },
    );
    return bench;
  }

  get ports() {
    const { writer, observer, clock } = this;
    return { writer, observer, clock, signal: this.stopping.signal };
  }

  async watch(name: string): Promise<void> {
    const command = { type: 'WatchSnap', name, context: byPerson('Olga', ['operator']) } as const;
    await this.writer.decideAndAppend(watchList, WATCH_LIST_STREAM, command);
  }

  async all(prefix = ''): Promise<EventEnvelope[]> {
    const envelopes = [];
    for await (const append of this.events.readAll(null))
      envelopes.push(...append.events.map(({ bytes }) => decodeEvent(bytes)));
    return envelopes.filter(({ stream }) => stream.startsWith(prefix));
  }

  /** Gives every event so far to a reactor, oldest first, as a worker that lost its checkpoint would. */
  async replayTo(reactor: { handle(event: { envelope: EventEnvelope }): Promise<void> }): Promise<void> {
    for (const envelope of await this.all()) await reactor.handle({ envelope });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }
}
