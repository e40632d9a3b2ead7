import pg from 'pg';
import { sentenceOf } from '#kernel';
import { ForwardingEventStore } from '#event-store/forwarding-event-store';
import { KEEP_ALIVE } from '#event-store/keep-alive';
import {
  EventStoreError,
  type Appended,
  type EventStore,
  type EventToAppend,
  type ExpectedRevision,
} from '#event-store/port';
import { isFencedOut } from './errors.js';
import { requireLease, type Fence } from './fence.js';
import { transactionOptions } from './session.js';

/** The store's own patience is shorter: it tries an append three times, for 12 s each. */
const STANDSTILL_MS = 60_000;

/**
 * A store that knows nothing of leases, such as EventStoreDB, for a server that must be the only one of its kind. PostgreSQL holds the lease
 * while the append is under way, so a take-over waits for it, and whatever comes after is refused. Only when the connection to PostgreSQL
 * breaks at that moment may both write; the stream revision that each expects then lets one of them win.
 */
export class FencedStore extends ForwardingEventStore {
  private readonly pool: pg.Pool;

  /** @param standstillMs how long an append may take; the lease is not kept from others for longer */
  constructor(
    store: EventStore,
    databaseUrl: string,
    private readonly fence: Fence,
    standstillMs = STANDSTILL_MS,
  ) {
    super(store);
    this.pool = new pg.Pool({
      connectionString: databaseUrl,
      max: 5,
      options: transactionOptions(standstillMs),
      ...KEEP_ALIVE,
      connectionTimeoutMillis: 10_000,
      query_timeout: 10_000,
    });
    // An idle connection that breaks is replaced when the next one is asked for; one in use fails its query.
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** @throws EventStoreError; `fenced-out` when somebody else took the lease over: nothing was written then */
  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventToAppend[],
  ): Promise<Appended> {
    const client = await this.pool.connect().catch(unavailable);
    try {
      await this.hold(client).catch(unavailable);
      return await this.store.append(stream, expected, events);
    } finally {
      // Nothing was changed: this gives the lease's lock back, as does a connection that is thrown away.
      await client.query('rollback').then(
        () => client.release(),
        () => client.release(true),
      );
    }
  }

  override async close(): Promise<void> {
    await Promise.all([super.close(), this.pool.end()]);
  }

  private async hold(client: pg.PoolClient): Promise<void> {
    await client.query('begin');
    await requireLease(client, this.fence);
  }
}

function unavailable(error: unknown): never {
  if (isFencedOut(error)) throw new EventStoreError('fenced-out', error.message, { cause: error });
  const why = sentenceOf(error);
  throw new EventStoreError('unavailable', `the database does not say who holds the lease: ${why}`, {
    cause: error,
  });
}
