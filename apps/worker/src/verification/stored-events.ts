import type pg from 'pg';
import type { Cursor, EventStore } from '#event-store/port';
import type { DatabaseRow } from '#ledger/published';

/** An event has at most 64 KiB: a page has at most 16 MiB. */
const PAGE = 256;

/**
 * PostgreSQL's events from a position on, a page at a time, whatever was done to the table: the event store itself refuses to read over a hole.
 * @param database with the worker's role, which may read them and no more
 */
export async function* eventsInPostgres(
  database: Pick<pg.Pool, 'query'>,
  from: bigint,
): AsyncGenerator<DatabaseRow> {
  for (let next = from; ;) {
    const { rows } = await database.query<
      NonNullable<DatabaseRow['foundBy']> & { position: string; bytes: Buffer }
    >(
      `select e.position::text, e.bytes, e.stream, e.stream_revision::text as "streamRevision", e.id::text, e.type, e.append_first::text as "appendFirst"
      from events.event e where e.position >= $1 order by e.position limit $2`,
      [String(next), PAGE],
    );
    for (const { position, bytes, ...foundBy } of rows) yield { position: BigInt(position), bytes, foundBy };
    const last = rows.at(-1);
    if (last === undefined) return;
    next = BigInt(last.position) + 1n;
  }
}

/** Of a store that gives no positions: they are counted. What was read to its end is not read again for a later position. */
export class CountedEvents {
  /** Behind so many events. */
  private mark: { readonly position: bigint; readonly cursor: Cursor } | undefined;

  constructor(private readonly store: Pick<EventStore, 'readAll'>) {}

  async *from(from: bigint): AsyncGenerator<DatabaseRow> {
    const mark = this.mark !== undefined && this.mark.position <= from ? this.mark : undefined;
    let position = mark?.position ?? 0n;
    for await (const { events, cursor } of this.store.readAll(mark?.cursor ?? null)) {
      for (const { bytes } of events) {
        if (position >= from) yield { position, bytes };
        position += 1n;
      }
      this.mark = { position, cursor };
    }
  }
}
