import { binaryEvent, NO_STREAM as NOT_YET } from '@eventstore/db-client';
import { within } from '#kernel';
import { cursorAt } from '../decimal-cursor.js';
import {
  EventStoreError,
  NO_STREAM,
  type Appended,
  type EventToAppend,
  type ExpectedRevision,
} from '../port.js';
import { partMetadata } from './append-boundaries.js';
import { appendError, outcomeUnknown } from './client-errors.js';
import type { Connection } from './connection.js';
import { readStreamPage } from './reading.js';
import type { OwnRecord } from './records.js';

/** The client may leave a call's promise open for ever. gRPC's own deadline comes first, so that the call is over when we say so. */
const MARGIN_MS = 2_000;

/**
 * Appends, and reads back what stands there then. EventStoreDB takes an append for a repetition by its events' ids alone, even when it has
 * fewer events than the first one or other bytes, and which position it answers with is not laid down: what it holds is what counts.
 * @throws EventStoreError `wrong-expected-revision`, `append-too-large`, `outcome-unknown`, `unavailable`
 */
export async function appendOnce(
  connection: Connection,
  stream: string,
  expected: ExpectedRevision,
  events: readonly EventToAppend[],
): Promise<Appended> {
  const { client, options, timeoutMs } = connection;
  const proposed = events.map(({ id, type, bytes }, i) =>
    binaryEvent({ id, type, data: bytes, metadata: partMetadata(i + 1, events.length) }),
  );
  const expectedRevision = expected === NO_STREAM ? NOT_YET : expected;
  try {
    await within(timeoutMs + MARGIN_MS, () =>
      client.appendToStream(stream, proposed, { ...options, expectedRevision }),
    );
  } catch (error) {
    throw appendError(stream, error);
  }
  return standing(connection, stream, expected, events);
}

async function standing(
  connection: Connection,
  stream: string,
  expected: ExpectedRevision,
  events: readonly EventToAppend[],
): Promise<Appended> {
  let held: OwnRecord[];
  try {
    held = await readStreamPage(connection, stream, expected + 1n, events.length);
  } catch (error) {
    // It was written, but where is not known: the caller may ask by repeating it.
    throw error instanceof EventStoreError ? outcomeUnknown(error) : error;
  }
  const last = held.at(-1);
  if (!last || held.length < events.length) throw outcomeUnknown(new Error(`${stream} does not show it yet`));
  if (!events.every((event, i) => isSame(event, held[i], i + 1, events.length)))
    throw new EventStoreError(
      'wrong-expected-revision',
      `${stream} holds another append behind ${expected}, although its ids are the same`,
    );
  return { cursor: cursorAt(last.position), lastRevision: last.event.streamRevision };
}

function isSame(event: EventToAppend, held: OwnRecord | undefined, index: number, count: number): boolean {
  return (
    held !== undefined &&
    held.part[0] === index &&
    held.part[1] === count &&
    held.event.id === event.id &&
    held.event.type === event.type &&
    Buffer.compare(held.event.bytes, event.bytes) === 0
  );
}
