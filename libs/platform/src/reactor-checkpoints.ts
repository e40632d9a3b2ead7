import type pg from 'pg';
import type { Cursor } from '#event-store/port';
import { leaseError } from './lease/errors.js';
import type { Fence } from './lease/fence.js';
import type { ReactorCheckpoints } from './reactor.js';

/** Checkpoints in `worker.reactor_checkpoint`, as the role that owns it; saved only by who holds its lease. */
export class PostgresReactorCheckpoints implements ReactorCheckpoints {
  constructor(
    private readonly pool: Pick<pg.Pool, 'query'>,
    private readonly fence: Fence,
  ) {}

  async load(reactor: string): Promise<Cursor | null> {
    const { rows } = await this.pool.query<{ cursor: string }>(
      'select cursor from worker.reactor_checkpoint where reactor = $1',
      [reactor],
    );
    return rows[0]?.cursor ?? null;
  }

  /** @throws LeaseError `fenced-out`: nothing was saved */
  async save(reactor: string, cursor: Cursor): Promise<void> {
    const { name, epoch } = this.fence;
    try {
      await this.pool.query(SAVE, [reactor, cursor, name, String(epoch)]);
    } catch (error) {
      throw leaseError(error);
    }
  }
}

/** One statement, one transaction: in whatever order its parts are done, they are done together or not at all. */
const SAVE = `
with required as materialized (select holdfast.require_lease($3, $4))
insert into worker.reactor_checkpoint (reactor, cursor, at) select $1, $2, now() from required
on conflict (reactor) do update set cursor = excluded.cursor, at = excluded.at`;
