import pg from 'pg';
import type { Observable } from 'rxjs';
import { appendPatiently } from '../append-patiently.js';
import { checkAppend } from '../append-limits.js';
import { compareDecimalCursors } from '../decimal-cursor.js';
import { KEEP_ALIVE } from '../keep-alive.js';
import type { Fence } from '../fence.js';
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
import { AppendQueue } from './append-queue.js';
import { appendAll } from './appending.js';
import { CommitSignal } from './commit-signal.js';
import { PageReader } from './page-reader.js';
import { BATCH, readStreamPage } from './reading.js';

export interface PostgresEventStoreOptions extends Partial<Patience> {
  /** A direct connection to the same database, when the other one goes through a pooler: notifications don't come through those. */
  readonly listenUrl?: string;
  /** Connections for appending and reading, beside the one that listens. */
  readonly connections?: number;
  /** How long a statement, and making a connection, may take. */
  readonly timeoutMs?: number;
  /** What every append is checked against, for a server that must be the only one of its kind. */
  readonly fence?: Fence;
}

/** The event store in PostgreSQL, as one of the roles that `prepareDatabase` made. Connects when first used. */
export class PostgresEventStore implements EventStore {
  private readonly pool: pg.Pool;
  private readonly appends: AppendQueue;
  private readonly commits: CommitSignal;
  private readonly patience: Patience;

  constructor(connectionString: string, options: PostgresEventStoreOptions = {}) {
    const { connections = 5, timeoutMs = 10_000, pollMs = 1_000, reconnectMs = 30_000 } = options;
    const connection = { connectionString, connectionTimeoutMillis: timeoutMs, ...KEEP_ALIVE };
    // The server gives up first, so that a slow append ends as undone and not as unknown.
    this.pool = new pg.Pool({
      ...connection,
      max: connections,
      statement_timeout: timeoutMs,
      query_timeout: timeoutMs + 2_000,
    });
    // An idle connection that breaks is replaced when the next one is asked for.
    this.pool.on('error', () => undefined);
    // One that breaks in use fails its query, and says so here as well: unheard, that would end the process.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
    this.appends = new AppendQueue((appends) => appendAll(this.pool, appends, options.fence), timeoutMs);
    this.commits = new CommitSignal({
      ...connection,
      connectionString: options.listenUrl ?? connectionString,
      query_timeout: timeoutMs,
    });
    this.patience = { pollMs, reconnectMs };
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended> {
    checkAppend(stream, expected, events);
    return appendPatiently(() => this.appends.append({ stream, expected, events }));
  }

  async *readStream(stream: string, from = 0n): AsyncIterable<StoredEvent> {
    for (let next = from; ;) {
      const page = await readStreamPage(this.pool, stream, next);
      yield* page;
      const last = page.at(-1);
      if (!last || page.length < BATCH) return;
      next = last.streamRevision + 1n;
    }
  }

  async *readAll(after: Cursor | null): AsyncIterable<StoredAppend> {
    const reader = new PageReader(this.pool, after);
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
    return subscription(() => new PageReader(this.pool, after), this.commits, this.patience, consume);
  }

  compareCursors(a: Cursor, b: Cursor): number {
    return compareDecimalCursors(a, b);
  }

  async close(): Promise<void> {
    await this.appends.drained();
    await Promise.all([this.commits.close(), this.pool.end()]);
  }
}
