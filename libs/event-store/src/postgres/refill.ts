import pg from 'pg';
import { cursorAt } from '../decimal-cursor.js';
import { appendAll, type Append } from './appending.js';

/**
 * Writes a history into a store again as it was: the same positions, revisions, ids and appends. By `events.append`, like every other event, so
 * that what is there already is compared with what is given: beginning again after a crash does no harm.
 */
export class PostgresRefill {
  private readonly pool: pg.Pool;

  /** @param ownerUrl of a prepared database, for as long as nobody else appends */
  constructor(ownerUrl: string) {
    this.pool = new pg.Pool({ connectionString: ownerUrl, max: 1, connectionTimeoutMillis: 10_000 });
    this.pool.on('error', () => undefined);
  }

  /** How many events there are. */
  async size(): Promise<bigint> {
    const { rows } = await this.pool.query<{ next: string }>('select next_position as next from events.head');
    return BigInt(rows[0]?.next ?? 0);
  }

  /**
   * @param first the position that the first event must have
   * @throws EventStoreError; Error when the store has, or gives out, another position
   */
  async append(first: bigint, appends: readonly Append[]): Promise<void> {
    let next = first;
    for (const [i, result] of (await appendAll(this.pool, appends)).entries()) {
      if (result instanceof Error) throw result;
      next += BigInt(appends[i]?.events.length ?? 0);
      if (result.cursor !== cursorAt(next - 1n))
        throw new Error(
          `the store's event ${result.cursor} must be event ${next - 1n}: it holds another history`,
        );
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
