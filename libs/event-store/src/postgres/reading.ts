import type pg from 'pg';
import type { StoredAppend, StoredEvent } from '../port.js';
import { readError } from './connection-errors.js';
import { cursorAt } from '../decimal-cursor.js';

interface Row {
  readonly position: string;
  readonly append_first: string;
  readonly stream: string;
  readonly stream_revision: string;
  readonly id: string;
  readonly type: string;
  readonly bytes: Buffer;
}

const COLUMNS = 'position, append_first, stream, stream_revision, id, type, bytes';
const READ_ALL = `select ${COLUMNS} from events.event where position > $1 order by position limit $2`;
const READ_STREAM = `select ${COLUMNS} from events.event where stream = $1 and stream_revision >= $2 order by stream_revision limit $3`;

/** Events fetched at once: at most 65,535 bytes each, mostly a few hundred. */
export const BATCH = 500;

/**
 * The next whole appends after `after`; none when there are none.
 * @throws EventStoreError `unavailable`; Error when positions have a hole, which only tampering makes
 */
export async function readAppends(pool: pg.Pool, after: bigint, limit = BATCH): Promise<StoredAppend[]> {
  const rows = await query(pool, READ_ALL, [String(after), limit]);
  const appends = wholeAppends(rows, after, rows.length < limit);
  if (appends.length === 0 && rows.length > 0) return readAppends(pool, after, limit * 2);
  return appends;
}

/** A page of a stream. @throws EventStoreError `unavailable` */
export async function readStreamPage(pool: pg.Pool, stream: string, from: bigint): Promise<StoredEvent[]> {
  const rows = await query(pool, READ_STREAM, [stream, String(from), BATCH]);
  return rows.map(storedEvent);
}

/** Groups rows by append. The last group may go on behind the rows that were fetched: it counts only when `complete`. */
function wholeAppends(rows: readonly Row[], after: bigint, complete: boolean): StoredAppend[] {
  const groups: Row[][] = [];
  let expected = after + 1n;
  for (const row of rows) {
    const first = BigInt(row.append_first);
    if (BigInt(row.position) !== expected)
      throw new Error(`the event at position ${expected} is missing from the event store`);
    const group = groups.at(-1);
    if (first === expected) groups.push([row]);
    else if (group) group.push(row);
    else throw new Error(`position ${after} is inside an append: it is no cursor that this store gave`);
    expected += 1n;
  }
  if (!complete) groups.pop();
  return groups.map(storedAppend);
}

function storedAppend(rows: readonly Row[]): StoredAppend {
  const events = rows.map(storedEvent);
  const last = rows.at(-1);
  return { stream: last?.stream ?? '', cursor: cursorAt(BigInt(last?.position ?? -1)), events };
}

function storedEvent(row: Row): StoredEvent {
  return {
    stream: row.stream,
    streamRevision: BigInt(row.stream_revision),
    id: row.id,
    type: row.type,
    bytes: row.bytes,
  };
}

async function query(pool: pg.Pool, text: string, values: unknown[]): Promise<Row[]> {
  try {
    return (await pool.query<Row>(text, values)).rows;
  } catch (error) {
    throw readError(error);
  }
}
