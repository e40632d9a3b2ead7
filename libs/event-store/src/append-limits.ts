import { MAX_EVENT_BYTES } from '#kernel';
import { EventStoreError, NO_STREAM, type EventToAppend, type ExpectedRevision } from './port.js';

/**
 * 8 MiB: a change request for a whole ring, some 5,000 overrides of about 1 KiB each, is one append. EventStoreDB takes so much where its
 * `MaxAppendSize` is set to it; it allows almost 16 MiB.
 */
export const MAX_APPEND_BYTES = 8 * 1_048_576;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * What every store demands of an append before it does anything.
 * @throws EventStoreError `append-too-large`; RangeError for what only a faulty program asks
 */
export function checkAppend(
  stream: string,
  expected: ExpectedRevision,
  events: readonly EventToAppend[],
): void {
  if (stream === '') throw new RangeError('a stream needs a name');
  if (expected < NO_STREAM) throw new RangeError(`${expected} is no stream revision`);
  if (events.length === 0) throw new RangeError(`an append to ${stream} has no events`);
  if (new Set(events.map((event) => event.id)).size < events.length)
    throw new RangeError(`an append to ${stream} repeats an id`);
  const wrong = events.find((event) => !UUID.test(event.id));
  if (wrong) throw new RangeError(`${JSON.stringify(wrong.id)} is no UUID in lower case`);
  checkSizes(stream, events);
}

function checkSizes(stream: string, events: readonly EventToAppend[]): void {
  const large = events.find((event) => event.bytes.length > MAX_EVENT_BYTES);
  if (large) {
    throw new EventStoreError(
      'append-too-large',
      `a ${large.type} for ${stream} has ${large.bytes.length} bytes; ${MAX_EVENT_BYTES} fit`,
    );
  }
  const total = events.reduce((sum, event) => sum + event.bytes.length, 0);
  if (total > MAX_APPEND_BYTES) {
    throw new EventStoreError(
      'append-too-large',
      `${events.length} events for ${stream} have ${total} bytes; ${MAX_APPEND_BYTES} fit`,
    );
  }
}
