import type pg from 'pg';
import type { Cursor } from '#event-store/port';
import { leaseError } from '#platform/lease/errors';
import type { Fence } from '#platform/lease/fence';
import type { Message } from './message.js';
import type { Trying } from './next-try.js';

/** How far a sink is. */
export interface SinkPosition {
  /** Of the last append that it needs nothing of any more. */
  readonly cursor: Cursor | null;
  /** How many events there are up to it; null: not known, count them. */
  readonly events: bigint | null;
  /** What has a lower position is not sent; null: the event that added it is still ahead. */
  readonly start: bigint | null;
  /** How many of the replays that were asked for are begun; null: not known, and taken for all. */
  readonly replays: number | null;
  /** The message at hand. */
  readonly trying: (Trying & { readonly position: bigint }) | null;
}

/** As it is saved. */
export interface KnownPosition extends SinkPosition {
  readonly events: bigint;
  readonly replays: number;
}

interface Row {
  readonly checkpoint: string | null;
  readonly known: boolean;
  readonly cursor: string | null;
  readonly events: string;
  readonly start: string | null;
  readonly replays: number;
  readonly position: string | null;
  readonly trying: Trying | null;
}

/**
 * Where sinks are, in the worker's own tables, saved only by who holds its lease. The cursor is kept among the reactors' checkpoints, so that it goes
 * with them into a backup and into another event store.
 */
export class SinkPositions {
  constructor(
    private readonly pool: Pick<pg.Pool, 'query'>,
    private readonly fence: Fence,
  ) {}

  /** @param sink its key @returns undefined for one that was told nothing yet */
  async load(sink: string): Promise<SinkPosition | undefined> {
    const { rows } = await this.pool.query<Row>(LOAD, [sink]);
    const [row] = rows;
    if (!row) return undefined;
    const { checkpoint: cursor, position, trying } = row;
    const start = row.start === null ? null : BigInt(row.start);
    return {
      cursor,
      // A history that was moved, or restored: the cursor is another one, and what it counts is not known.
      events: row.known && row.cursor === cursor ? BigInt(row.events) : null,
      start: row.known ? start : 0n,
      replays: row.known ? row.replays : null,
      trying: position === null || trying === null ? null : { ...trying, position: BigInt(position) },
    };
  }

  /** @param delivered whether a message was taken since the last time @throws LeaseError `fenced-out`: nothing was saved */
  async save(sink: string, at: KnownPosition, delivered: boolean): Promise<void> {
    await this.fenced(SAVE, [sink, ...valuesOf(at), delivered]);
  }

  /** Keeps what was given up, and that the message is no longer tried: together. @throws LeaseError `fenced-out`: nothing was saved */
  async giveUp(
    sink: string,
    { position, envelope }: Message,
    { since, attempts, why }: Trying,
    givenUpAt: string,
  ): Promise<void> {
    const { id, type, stream } = envelope;
    await this.fenced(GIVE_UP, [sink, position, id, type, stream, since, givenUpAt, attempts, why]);
  }

  /** What is tried for the sink is not tried any more, and nothing was lost: from a position on, everything is sent again. */
  async forgetLetters(sink: string, from: bigint): Promise<void> {
    await this.fenced(FORGET, [sink, from]);
  }

  /** Removes all that is known of sinks that there are no more. @param there keys */
  async keepOnly(there: readonly string[]): Promise<void> {
    await this.fenced(KEEP_ONLY, [there]);
  }

  private async fenced(statement: string, values: readonly unknown[]): Promise<void> {
    const { name, epoch } = this.fence;
    try {
      await this.pool.query(statement, [...values, name, String(epoch)]);
    } catch (error) {
      throw leaseError(error);
    }
  }
}

function valuesOf({ cursor, events, start, replays, trying }: KnownPosition): readonly unknown[] {
  const { position = null, ...rest } = trying ?? {};
  return [cursor, events, start, replays, position, trying === null ? null : JSON.stringify(rest)];
}

const LOAD = `
select checkpoint.cursor as checkpoint, state.sink is not null as known, state.cursor, state.events::text as events,
  state.start::text as start, state.replays, state.trying_position::text as position, state.trying
from (select $1::text as sink) as asked
left join worker.sink_state as state using (sink)
left join worker.reactor_checkpoint as checkpoint on checkpoint.reactor = asked.sink
where state.sink is not null or checkpoint.reactor is not null`;

/** One statement, one transaction each, as of the reactors' checkpoints. */
const SAVE = `
with required as materialized (select holdfast.require_lease($9, $10)),
place as (
  insert into worker.reactor_checkpoint (reactor, cursor, at) select $1::text, $2::text, now() from required where $2 is not null
  on conflict (reactor) do update set cursor = excluded.cursor, at = excluded.at
),
begun as (
  delete from worker.reactor_checkpoint where $2 is null and reactor = $1 and exists (select from required)
)
insert into worker.sink_state (sink, cursor, events, start, replays, trying_position, trying, delivered_at)
select $1, $2, $3, $4, $5, $6, $7, case when $8 then now() end from required
on conflict (sink) do update set cursor = excluded.cursor, events = excluded.events, start = excluded.start, replays = excluded.replays,
  trying_position = excluded.trying_position, trying = excluded.trying,
  delivered_at = coalesce(excluded.delivered_at, sink_state.delivered_at)`;

const GIVE_UP = `
with required as materialized (select holdfast.require_lease($10, $11)),
ended as (
  update worker.sink_state set trying_position = null, trying = null, start = $2::bigint + 1
  where sink = $1 and exists (select from required)
)
insert into worker.dead_letter (sink, position, event, type, stream, since, given_up_at, attempts, why)
select $1, $2, $3, $4, $5, $6, $7, $8, $9 from required
on conflict (sink, position) do update set since = excluded.since, given_up_at = excluded.given_up_at,
  attempts = excluded.attempts, why = excluded.why`;

const FORGET = `
with required as materialized (select holdfast.require_lease($3, $4))
delete from worker.dead_letter where sink = $1 and position >= $2 and exists (select from required)`;

const KEEP_ONLY = `
with required as materialized (select holdfast.require_lease($2, $3)),
states as (delete from worker.sink_state where sink <> all ($1) and exists (select from required)),
letters as (delete from worker.dead_letter where sink <> all ($1) and exists (select from required))
delete from worker.reactor_checkpoint where reactor like 'sink/%' and reactor <> all ($1) and exists (select from required)`;
