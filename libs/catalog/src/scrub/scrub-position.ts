import type pg from 'pg';
import { leaseError } from '#platform/lease/errors';
import type { Fence } from '#platform/lease/fence';

/** How far the scheduled scrub is: kept across restarts, and by whichever worker goes on. */
export interface ScrubPosition {
  /** The blob after which to go on; undefined: from the first. */
  readonly after: string | undefined;
  /** When the last slice was done, RFC 3339; undefined: never. */
  readonly sliceAt: string | undefined;
  /** When every blob had been read since the round began, RFC 3339; undefined: never yet. */
  readonly roundAt: string | undefined;
}

interface Row {
  readonly after: string | null;
  readonly slice_at: Date | null;
  readonly round_at: Date | null;
}

/** The position in `worker.scrub_position`, as the role that owns it; saved only by who holds its lease. */
export class ScrubPositions {
  constructor(
    private readonly pool: Pick<pg.Pool, 'query'>,
    private readonly fence: Fence,
  ) {}

  async load(): Promise<ScrubPosition> {
    const { rows } = await this.pool.query<Row>(
      'select after, slice_at, round_at from worker.scrub_position',
    );
    return {
      after: rows[0]?.after ?? undefined,
      sliceAt: rows[0]?.slice_at?.toISOString(),
      roundAt: rows[0]?.round_at?.toISOString(),
    };
  }

  /** @throws LeaseError `fenced-out`: nothing was saved */
  async save({ after, sliceAt, roundAt }: ScrubPosition): Promise<void> {
    const { name, epoch } = this.fence;
    try {
      await this.pool.query(SAVE, [after, sliceAt, roundAt, name, String(epoch)]);
    } catch (error) {
      throw leaseError(error);
    }
  }
}

const SAVE = `
with required as materialized (select holdfast.require_lease($4, $5))
insert into worker.scrub_position (after, slice_at, round_at) select $1, $2::timestamptz, $3::timestamptz from required
on conflict (one) do update set after = excluded.after, slice_at = excluded.slice_at, round_at = excluded.round_at`;
