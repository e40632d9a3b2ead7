import { ForwardingEventStore } from '#event-store/forwarding-event-store';
import {
  EventStoreError,
  type Appended,
  type EventStore,
  type EventToAppend,
  type ExpectedRevision,
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
export class MeasuredEventStore extends ForwardingEventStore {
  constructor(
    store: EventStore,
    private readonly observe: AppendObserver,
  ) {
    super(store);
  }

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
}
