import {
  FORWARDS,
  START,
  type AllStreamResolvedEvent,
  type ResolvedEvent,
  type StreamingRead,
} from '@eventstore/db-client';
import type { Connection } from './connection.js';
import { isMissingStream, readError } from './client-errors.js';
import { ownRecord, positionOfRecord, type OwnRecord } from './records.js';

/** Events fetched at once: at most 65,535 bytes each, mostly a few hundred. */
export const BATCH = 500;

/** The next events behind `after` (null: from the beginning), the server's own among them. @throws EventStoreError `unavailable` */
export async function readAllPage(
  { client, options, timeoutMs }: Connection,
  after: bigint | null,
): Promise<ResolvedEvent[]> {
  const fromPosition = after === null ? START : { commit: after, prepare: after };
  // The server begins with the event at the position that it is given.
  const page: AllStreamResolvedEvent[] = await collected(
    () => client.readAll({ ...options, direction: FORWARDS, fromPosition, maxCount: BATCH + 1 }),
    timeoutMs,
  );
  return after === null ? page : page.filter((resolved) => positionOfRecord(resolved) > after);
}

/** At most `count` events of a stream; none for one that does not exist. @throws EventStoreError `unavailable` */
export async function readStreamPage(
  { client, options, timeoutMs }: Connection,
  stream: string,
  from: bigint,
  count: number = BATCH,
): Promise<OwnRecord[]> {
  try {
    const page = await collected(
      () =>
        client.readStream(stream, { ...options, direction: FORWARDS, fromRevision: from, maxCount: count }),
      timeoutMs,
    );
    return page.map(ownRecord);
  } catch (error) {
    if (error instanceof Error && isMissingStream(error.cause)) return [];
    throw error;
  }
}

/**
 * All that a read gives. The client ends one that fails with an error and no end, and one that nobody answers not at all: hence events
 * and a timer of our own, which starts anew with each event.
 */
function collected<Item>(read: () => StreamingRead<Item>, timeoutMs: number): Promise<Item[]> {
  return new Promise((resolve, reject) => {
    const items: Item[] = [];
    const reading = read();
    const silent = (): void => fail(new Error(`no answer within ${timeoutMs / 1000} s`));
    let timer = setTimeout(silent, timeoutMs);
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      // It rejects when there is no connection to cancel the read on.
      reading.cancel().catch(() => undefined);
      reject(isMissingStream(error) ? new Error('no such stream', { cause: error }) : readError(error));
    };
    reading.on('error', fail);
    reading.on('data', (item: Item) => {
      clearTimeout(timer);
      timer = setTimeout(silent, timeoutMs);
      items.push(item);
    });
    reading.on('end', () => {
      clearTimeout(timer);
      resolve(items);
    });
  });
}
