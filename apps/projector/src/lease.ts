import pg from 'pg';

/** Any number that nobody else uses. */
const LOCK = 7_465_017_310_622_002n;

/**
 * One projector at a time: a second one waits here until the first is gone. Held by the session, so it goes with the process or its connection;
 * a projector that lost it must stop, which `onLost` sees to. The ledger's compare-and-swap is the second line of defence.
 */
export class Lease {
  private constructor(private readonly client: pg.Client) {}

  static async acquire(databaseUrl: string, onLost: (error: Error) => void): Promise<Lease> {
    const client = new pg.Client({
      connectionString: databaseUrl,
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    });
    await client.connect();
    const lost = (error?: Error): void =>
      onLost(error ?? new Error('the projector lost its connection, and so its lease'));
    client.once('error', lost);
    await client.query(`select pg_advisory_lock(${LOCK})`);
    return new Lease(client);
  }

  async release(): Promise<void> {
    this.client.removeAllListeners('error');
    this.client.on('error', () => undefined);
    await this.client.end();
  }
}
