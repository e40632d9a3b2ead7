import type { Observable } from 'rxjs';
import {
  EventStoreError,
  type Appended,
  type Cursor,
  type EventStore,
  type EventToAppend,
  type ExpectedRevision,
  type StoredAppend,
  type StoredEvent,
} from '#event-store/port';

/** What came of an append: `appended`, the store's error code, or `failed` for anything else. */
export type AppendOutcome = 'appended' | EventStoreError['code'] | 'failed';

/** Told after each append. @param seconds how long the caller waited for it */
export type AppendObserver = (
  outcome: AppendOutcome,
  seconds: number,
  stream: string,
  events: readonly EventToAppend[],
) => void;

/** Any event store, with its appends observed. */
export class MeasuredEventStore implements EventStore {
  constructor(
    private readonly store: EventStore,
    private readonly observe: AppendObserver,
  ) {}

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended> {
    const since = performance.now();
    let outcome: AppendOutcome = 'failed';
    try {
      const appended = await this.store.append(stream, expected, events);
      outcome = 'appended';
      return appended;
    } catch (error) {
      if (error instanceof EventStoreError) outcome = error.code;
      throw error;
    } finally {
      this.observe(outcome, (performance.now() - since) / 1000, stream, events);
    }
  }

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
