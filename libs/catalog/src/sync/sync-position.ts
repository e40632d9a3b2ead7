import type pg from 'pg';
import { leaseError } from '#platform/lease/errors';
import type { Fence } from '#platform/lease/fence';

/** How far the schedule is: kept across restarts, and by whichever worker goes on. */
export interface SyncPosition {
  /** When every watched snap had last been looked at, RFC 3339; undefined: never. */
  readonly roundAt: string | undefined;
  /** When a round last ended, or was given up, RFC 3339; undefined: never. */
  readonly triedAt: string | undefined;
  /** Rounds that were given up since. */
  readonly failures: number;
}

interface Row {
  readonly round_at: Date | null;
  readonly tried_at: Date | null;
  readonly failures: number;
}

/** The position in `worker.sync_position`, as the role that owns it; saved only by who holds its lease. */
export class SyncPositions {
  constructor(
    private readonly pool: Pick<pg.Pool, 'query'>,
    private readonly fence: Fence,
  ) {}

  async load(): Promise<SyncPosition> {
    const { rows } = await this.pool.query<Row>(
      'select round_at, tried_at, failures from worker.sync_position',
    );
    return {
      roundAt: rows[0]?.round_at?.toISOString(),
      triedAt: rows[0]?.tried_at?.toISOString(),
      failures: rows[0]?.failures ?? 0,
    };
  }

  /** @throws LeaseError `fenced-out`: nothing was saved */
  async save({ roundAt, triedAt, failures }: SyncPosition): Promise<void> {
    const { name, epoch } = this.fence;
    try {
      await this.pool.query(SAVE, [roundAt, triedAt, failures, name, String(epoch)]);
    } catch (error) {
      throw leaseError(error);
    }
  }
}

const SAVE = `
with required as materialized (select holdfast.require_lease($4, $5))
insert into worker.sync_position (round_at, tried_at, failures)
select $1::timestamptz, $2::timestamptz, $3::integer from required
on conflict (one) do update set round_at = excluded.round_at, tried_at = excluded.tried_at, failures = excluded.failures`;
