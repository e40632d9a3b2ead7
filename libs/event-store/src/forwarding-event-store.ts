import type { Observable } from 'rxjs';
import type {
  Appended,
  Cursor,
  EventStore,
  EventToAppend,
  ExpectedRevision,
  StoredAppend,
  StoredEvent,
} from './port.js';

/** Reads what the store behind it has. Who adds something to its appends extends this. */
export abstract class ForwardingEventStore implements EventStore {
  constructor(protected readonly store: EventStore) {}

  abstract append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended>;

  readStream(stream: string, from?: bigint): AsyncIterable<StoredEvent> {
    return this.store.readStream(stream, from);
  }

  readAll(after: Cursor | null): AsyncIterable<StoredAppend> {
    return this.store.readAll(after);
  }

  subscribeAll(
    after: Cursor | null,
    consume: (batch: readonly StoredAppend[]) => Promise<void>,
  ): Observable<Cursor> {
    return this.store.subscribeAll(after, consume);
  }

  compareCursors(a: Cursor, b: Cursor): number {
    return this.store.compareCursors(a, b);
  }

  close(): Promise<void> {
    return this.store.close();
  }
}
