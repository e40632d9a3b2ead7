import { compareWithDatabase, filesystemLogReader, type DatabaseRow } from '#ledger/published';
import { EventStoreDbEventStore } from '#event-store/eventstoredb/eventstoredb-event-store';
import type { EventStore } from '#event-store/port';
import { noteVerifier } from '#tlog';
import { comparison, type Comparison } from './compare-ledger.js';

/**
 * Holds each event of a store against the ledger's entry. The store gives no positions, so they are counted: one that is missing makes all
 * that follow differ, and only the first difference is told.
 * @throws TlogError when the ledger itself is not in order; EventStoreError
 */
export async function compareStore(
  folder: string,
  vkey: string,
  store: Pick<EventStore, 'readAll'>,
): Promise<Comparison> {
  const verifiers = [noteVerifier(vkey)];
  const all = comparison(await compareWithDatabase(rows(store), filesystemLogReader(folder), verifiers));
  return { ...all, differences: all.differences.slice(0, 1) };
}

/** The same of EventStoreDB. */
export async function compareEventStore(
  folder: string,
  vkey: string,
  eventStoreUrl: string,
): Promise<Comparison> {
  const store = new EventStoreDbEventStore(eventStoreUrl);
  try {
    return await compareStore(folder, vkey, store);
  } finally {
    await store.close();
  }
}

async function* rows(store: Pick<EventStore, 'readAll'>): AsyncGenerator<DatabaseRow> {
  let position = 0n;
  for await (const { events } of store.readAll(null)) {
    for (const { bytes } of events) yield { position: position++, bytes };
  }
}
