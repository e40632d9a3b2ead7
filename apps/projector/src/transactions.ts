import pg from 'pg';
import { KEEP_ALIVE } from '#event-store/keep-alive';
import { requireLease, type Fence } from '#platform/lease/fence';
import { transactionOptions } from '#platform/lease/session';

/** A projector that does nothing within a transaction for longer is taken for one that stands still. */
const STANDSTILL_MS = 30_000;

/** Transactions on the read models, with the projector's own role: only of who is the one projector. */
export class Transactions {
  private readonly pool: pg.Pool;

  /**
   * @param connections at most so many transactions at a time; further ones wait
   * @param standstillMs how long one may stand still: it is undone then, so that a projector that waits can take over
   */
  constructor(
    databaseUrl: string,
    connections: number,
    private readonly fence: Fence,
    standstillMs = STANDSTILL_MS,
  ) {
    this.pool = new pg.Pool({
      connectionString: databaseUrl,
      max: connections,
      options: transactionOptions(standstillMs),
      ...KEEP_ALIVE,
      connectionTimeoutMillis: 10_000,
    });
    // An idle connection that breaks is replaced when the next one is asked for.
    this.pool.on('error', () => undefined);
    // One that breaks in use fails its query, and says so here as well: unheard, that would end the process.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** All that `work` does or, when it fails, nothing. @throws LeaseError `fenced-out` when another projector has taken over */
  async run<Result>(work: (tx: pg.ClientBase) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect();
    let broken = true;
    try {
      await client.query('begin');
      await requireLease(client, this.fence);
      const result = await work(client);
      await client.query('commit');
      broken = false;
      return result;
    } finally {
      // A connection whose transaction failed is thrown away, and its transaction with it.
      client.release(broken);
    }
  }

  /** One statement that changes nothing: it needs no lease, and leaves nothing to be written. */
  async look<Row extends pg.QueryResultRow>(text: string): Promise<readonly Row[]> {
    return (await this.pool.query<Row>(text)).rows;
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
