import type pg from 'pg';

/** An event as its row has it, whether or not the store would read it. */
interface EventRow {
  readonly position: bigint;
  readonly bytes: Uint8Array;
  /** The other columns, by which the table finds it. */
  readonly foundBy: {
    readonly stream: string;
    readonly streamRevision: string;
    readonly id: string;
    readonly type: string;
    readonly appendFirst: string;
  };
}

/** An event has at most 64 KiB: a page has at most 16 MiB. */
const PAGE = 256;

/**
 * The rows from a position on, a page at a time, whatever was done to the table: the event store itself refuses to read over a hole.
 * @param database with a role that may read events
 * @throws whatever the database answers with
 */
export async function* rowsFrom(database: Pick<pg.Pool, 'query'>, from: bigint): AsyncGenerator<EventRow> {
  for (let next = from; ;) {
    const { rows } = await database.query<EventRow['foundBy'] & { position: string; bytes: Buffer }>(
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
