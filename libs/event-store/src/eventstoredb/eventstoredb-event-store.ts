import type { Observable } from 'rxjs';
import { appendPatiently } from '../append-patiently.js';
import { checkAppend } from '../append-limits.js';
import { compareDecimalCursors } from '../decimal-cursor.js';
import type {
  Appended,
  Cursor,
  EventStore,
  EventToAppend,
  ExpectedRevision,
  StoredAppend,
  StoredEvent,
} from '../port.js';
import { subscription, type Patience } from '../subscription.js';
import { AllReader } from './all-reader.js';
import { appendOnce } from './appending.js';
import { connectTo, type Connection } from './connection.js';
import { NewEventHint } from './new-event-hint.js';
import { BATCH, readStreamPage } from './reading.js';

export interface EventStoreDbOptions extends Partial<Patience> {
  /** How long a call may take. */
  readonly timeoutMs?: number;
}

/**
 * The event store in EventStoreDB 22.10 or later, or KurrentDB. Experimental until it ran against a real server. The server must hold nothing
 * but this site's history, and the URL's user must be an administrator: only one may read `$all`.
 *
 * Unlike PostgreSQL's it can't refuse an id that another stream holds already; whoever appends makes fresh ones.
 */
export class EventStoreDbEventStore implements EventStore {
  private readonly connection: Connection;
  private readonly hint: NewEventHint;
  private readonly patience: Patience;

  /** @param url `esdb://…` @throws Error for a URL that can't be used */
  constructor(url: string, options: EventStoreDbOptions = {}) {
    const { timeoutMs = 10_000, pollMs = 1_000, reconnectMs = 30_000 } = options;
    this.connection = connectTo(url, timeoutMs);
    this.hint = new NewEventHint(this.connection);
    this.patience = { pollMs, reconnectMs };
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended> {
    checkAppend(stream, expected, events);
    checkNames(stream, events);
    return appendPatiently(() => appendOnce(this.connection, stream, expected, events));
  }

  async *readStream(stream: string, from = 0n): AsyncIterable<StoredEvent> {
    for (let next = from; ;) {
      const page = await readStreamPage(this.connection, stream, next);
      for (const { event } of page) {
        if (event.streamRevision !== next)
          throw new Error(`event ${next} of ${stream} is missing from EventStoreDB`);
        yield event;
        next += 1n;
      }
      if (page.length < BATCH) return;
    }
  }

  async *readAll(after: Cursor | null): AsyncIterable<StoredAppend> {
    const reader = new AllReader(this.connection, after);
    for (;;) {
      const appends = await reader.next();
      if (appends.length === 0) return;
      yield* appends;
    }
  }

  subscribeAll(
    after: Cursor | null,
    consume: (batch: readonly StoredAppend[]) => Promise<void>,
  ): Observable<Cursor> {
    return subscription(() => new AllReader(this.connection, after), this.hint, this.patience, consume);
  }

  compareCursors(a: Cursor, b: Cursor): number {
    return compareDecimalCursors(a, b);
  }

  async close(): Promise<void> {
    await this.hint.close();
    await this.connection.client.dispose();
  }
}

/** What begins with a dollar is the server's own, which readers leave out. */
function checkNames(stream: string, events: readonly EventToAppend[]): void {
  const own = [stream, ...events.map((event) => event.type)].find((name) => name.startsWith('$'));
  if (own !== undefined) throw new RangeError(`${JSON.stringify(own)} is a name of EventStoreDB's own`);
}
