import type pg from 'pg';
import type { Cursor } from '#event-store/port';
import type { ReactorCheckpoints } from './reactor.js';

/** Checkpoints in `worker.reactor_checkpoint`, as the role that owns it. */
export class PostgresReactorCheckpoints implements ReactorCheckpoints {
  constructor(private readonly pool: Pick<pg.Pool, 'query'>) {}

  async load(reactor: string): Promise<Cursor | null> {
    const { rows } = await this.pool.query<{ cursor: string }>(
      'select cursor from worker.reactor_checkpoint where reactor = $1',
      [reactor],
    );
    return rows[0]?.cursor ?? null;
  }

  async save(reactor: string, cursor: Cursor): Promise<void> {
    await this.pool.query(
      `insert into worker.reactor_checkpoint (reactor, cursor, at) values ($1, $2, now())
       on conflict (reactor) do update set cursor = excluded.cursor, at = excluded.at`,
      [reactor, cursor],
    );
  }
}
