import type pg from 'pg';
import { EventStoreError, type Appended, type EventToAppend, type ExpectedRevision } from '../port.js';
import { byteaArray } from './bytea-array.js';
import { appendError, connectError } from './connection-errors.js';
import { cursorAt } from '../decimal-cursor.js';
import type { Fence } from '../fence.js';

export interface Append {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly EventToAppend[];
}

interface Row {
  readonly outcome: 'appended' | 'repeated' | 'conflict' | 'id-taken';
  readonly last_position: string | null;
  readonly last_revision: string;
}

const CALL = `select outcome, last_position, last_revision
  from events.append($1::text[], $2::bigint[], $3::integer[], $4::uuid[], $5::text[], $6::bytea[], $7::text, $8::bigint) order by ordinal`;

/**
 * Sends several appends as one call; the i-th result is the i-th append's, an Error for one that was refused.
 * @throws EventStoreError `unavailable`, `outcome-unknown`, `fenced-out`, `store-not-in-use`: of all of them
 */
export async function appendAll(
  pool: pg.Pool,
  appends: readonly Append[],
  fence?: Fence,
): Promise<(Appended | Error)[]> {
  const client = await pool.connect().catch((error: unknown) => {
    throw connectError(error);
  });
  try {
    const events = appends.flatMap((append) => append.events);
    const { rows } = await client.query<Row>({
      name: 'append',
      text: CALL,
      values: [
        appends.map((append) => append.stream),
        appends.map((append) => String(append.expected)),
        appends.map((append) => append.events.length),
        events.map((event) => event.id),
        events.map((event) => event.type),
        byteaArray(events.map((event) => event.bytes)),
        fence?.name,
        fence && String(fence.epoch),
      ],
    });
    client.release();
    return appends.map((append, i) => result(append, rows[i]));
  } catch (error) {
    // A connection that failed once, or still waits for a late answer, is not one to use again.
    client.release(true);
    throw appendError(error);
  }
}

function result(append: Append, row: Row | undefined): Appended | Error {
  const { stream, expected } = append;
  switch (row?.outcome) {
    case 'appended':
    case 'repeated':
      return { cursor: cursorAt(BigInt(row.last_position ?? -1)), lastRevision: BigInt(row.last_revision) };
    case 'conflict':
      return new EventStoreError(
        'wrong-expected-revision',
        `${stream} is at ${row.last_revision}, not at ${expected}`,
      );
    case 'id-taken':
      return new Error(`an event of this append to ${stream} has the id of an event that is already stored`);
    case undefined:
      return new EventStoreError(
        'outcome-unknown',
        `the event store gave no result for an append to ${stream}`,
      );
  }
}
