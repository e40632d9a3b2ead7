import { Observable } from 'rxjs';
import { checkAppend } from '../append-limits.js';
import {
  EventStoreError,
  type Appended,
  type Cursor,
  type EventStore,
  type EventToAppend,
  type ExpectedRevision,
  type StoredAppend,
  type StoredEvent,
} from '../port.js';

const BATCH = 100;

/** An event store for tests that need no PostgreSQL: keeps every promise of the port but durability. */
export class InMemoryEventStore implements EventStore {
  private readonly appends: StoredAppend[] = [];
  private readonly waiting = new Set<() => void>();

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended> {
    checkAppend(stream, expected, events);
    const held = this.streamEvents(stream);
    const newest = BigInt(held.length) - 1n;
    if (newest !== expected) {
      const repeated = this.appends.find((append) => isSame(append, stream, expected, events));
      if (repeated) return { cursor: repeated.cursor, lastRevision: expected + BigInt(events.length) };
      throw new EventStoreError('wrong-expected-revision', `${stream} is at ${newest}, not at ${expected}`);
    }
    const stored = events.map((event, i) => ({
      ...event,
      bytes: Uint8Array.from(event.bytes),
      stream,
      streamRevision: expected + 1n + BigInt(i),
    }));
    const before = this.appends.at(-1)?.cursor ?? '-1';
    const cursor = String(BigInt(before) + BigInt(events.length));
    this.appends.push({ stream, cursor, events: stored });
    for (const wake of this.waiting) wake();
    return { cursor, lastRevision: expected + BigInt(events.length) };
  }

  async *readStream(stream: string, from = 0n): AsyncIterable<StoredEvent> {
    yield* this.streamEvents(stream).slice(Number(from));
  }

  async *readAll(after: Cursor | null): AsyncIterable<StoredAppend> {
    yield* this.appends.slice(this.indexAfter(after));
  }

  subscribeAll(
    after: Cursor | null,
    consume: (batch: readonly StoredAppend[]) => Promise<void>,
  ): Observable<Cursor> {
    return new Observable((subscriber) => {
      const follow = async (): Promise<void> => {
        let next = this.indexAfter(after);
        while (!subscriber.closed) {
          const batch = this.appends.slice(next, next + BATCH);
          const last = batch.at(-1);
          if (last) {
            await consume(batch);
            next += batch.length;
            subscriber.next(last.cursor);
          } else {
            await this.nextAppend((wake) => subscriber.add(wake));
          }
        }
      };
      follow().catch((error: unknown) => subscriber.error(error));
    });
  }

  compareCursors(a: Cursor, b: Cursor): number {
    return Math.sign(Number(position(a) - position(b)));
  }

  async close(): Promise<void> {}

  private nextAppend(orWhen: (wake: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.waiting.delete(wake);
        resolve();
      };
      this.waiting.add(wake);
      orWhen(wake);
    });
  }

  private streamEvents(stream: string): StoredEvent[] {
    return this.appends.filter((append) => append.stream === stream).flatMap((append) => append.events);
  }

  private indexAfter(after: Cursor | null): number {
    if (after === null) return 0;
    const at = position(after);
    const index = this.appends.findIndex((append) => position(append.cursor) > at);
    return index === -1 ? this.appends.length : index;
  }
}

function isSame(
  append: StoredAppend,
  stream: string,
  expected: ExpectedRevision,
  events: readonly EventToAppend[],
): boolean {
  return (
    append.stream === stream &&
    append.events.length === events.length &&
    append.events[0]?.streamRevision === expected + 1n &&
    events.every(
      (event, i) =>
        event.id === append.events[i]?.id && Buffer.compare(event.bytes, append.events[i].bytes) === 0,
    )
  );
}

function position(cursor: Cursor): bigint {
  if (/^(0|[1-9][0-9]*)$/.test(cursor)) return BigInt(cursor);
  throw new EventStoreError('malformed-cursor', `${JSON.stringify(cursor)} is no cursor of this event store`);
}
