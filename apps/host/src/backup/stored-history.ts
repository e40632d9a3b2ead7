import type { Cursor, EventStore, StoredAppend } from '#event-store/port';
import { WholeAppends, type HistoricAppend } from '../history/whole-appends.js';
import { BackupError } from './errors.js';
import { attachmentsIn, manifestsIn } from './named-manifests.js';

/**
 * Goes through the event store, and makes sure that the bytes alone tell all that the store knows of its events: a backup holds nothing else.
 * On the way it learns what a backup must know besides.
 */
export class StoredHistory {
  /** Blobs that events name: capture manifests. */
  readonly manifests = new Set<string>();
  /** Files of requests that events name. */
  readonly attachments = new Set<string>();
  private readonly appends = new WholeAppends();
  private readonly handled = new Map<string, bigint>();

  constructor(
    private readonly store: EventStore,
    /** Where each reactor stood before the reading began. */
    private readonly reactors: ReadonlyMap<string, Cursor>,
  ) {}

  /** Events that were read so far. */
  get size(): bigint {
    return this.appends.next;
  }

  /** By reactor, how many events it has handled: a cursor means nothing to another store. */
  get handledBy(): Record<string, string> {
    const reactors = [...this.reactors.keys()];
    return Object.fromEntries(reactors.map((reactor) => [reactor, String(this.handled.get(reactor) ?? 0n)]));
  }

  /** The bytes of each event, in order. @throws BackupError `history-differs` */
  async *events(): AsyncGenerator<Uint8Array, undefined> {
    for await (const append of this.store.readAll(null)) {
      let whole: HistoricAppend | undefined;
      for (const { bytes } of append.events) {
        // The reader compares it with what was sealed before we read what is in it.
        yield bytes;
        whole = this.appends.take(bytes);
        for (const digest of manifestsIn(bytes)) this.manifests.add(digest);
        for (const digest of attachmentsIn(bytes)) this.attachments.add(digest);
      }
      requireSame(append, whole);
      for (const [reactor, cursor] of this.reactors) {
        if (this.store.compareCursors(append.cursor, cursor) <= 0) this.handled.set(reactor, this.size);
      }
    }
    return undefined;
  }
}

function requireSame({ stream, events }: StoredAppend, whole: HistoricAppend | undefined): void {
  const same =
    whole?.stream === stream &&
    whole.events.length === events.length &&
    events.every(({ id, type, streamRevision }, i) => {
      const read = whole.events[i];
      return read?.id === id && read.type === type && whole.expected + 1n + BigInt(i) === streamRevision;
    });
  if (same) return;
  throw new BackupError(
    'history-differs',
    `the event store's own record of an append to ${stream} is not what its events' bytes say: it was altered`,
  );
}
