import { defer, from, mergeMap, type Observable } from 'rxjs';
import { ForwardingEventStore } from '#event-store/forwarding-event-store';
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

/**
 * A store that nothing is read from and nothing written to before it was found to be this site's. Found once, it stays so: a server that is
 * away when we start must not keep us from starting, and another site's must not be written to when it answers at last.
 */
export class OwnStore extends ForwardingEventStore {
  private found: Promise<void> | undefined;

  /** @param check rejects when the store is another's, or can't be asked */
  constructor(
    store: EventStore,
    private readonly check: () => Promise<void>,
  ) {
    super(store);
  }

  /** @throws SiteError when the store is known to be another's. One that can't be asked is asked again when it is used. */
  async refuseAnother(): Promise<void> {
    try {
      await this.requireOwn();
    } catch (error) {
      if (error instanceof EventStoreError && error.code === 'unavailable') return;
      throw error;
    }
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended> {
    await this.requireOwn();
    return this.store.append(stream, expected, events);
  }

  override async *readStream(stream: string, first?: bigint): AsyncIterable<StoredEvent> {
    await this.requireOwn();
    yield* this.store.readStream(stream, first);
  }

  override async *readAll(after: Cursor | null): AsyncIterable<StoredAppend> {
    await this.requireOwn();
    yield* this.store.readAll(after);
  }

  override subscribeAll(
    after: Cursor | null,
    consume: (batch: readonly StoredAppend[]) => Promise<void>,
  ): Observable<Cursor> {
    return defer(() => from(this.requireOwn())).pipe(mergeMap(() => this.store.subscribeAll(after, consume)));
  }

  private requireOwn(): Promise<void> {
    return (this.found ??= this.check().catch((error: unknown) => {
      this.found = undefined;
      throw error;
    }));
  }
}
