import type { EventStore } from './port.js';
import { PostgresEventStore, type PostgresEventStoreOptions } from './postgres/postgres-event-store.js';

export interface EventStoreSettings {
  /** PostgreSQL, with the role of who asks. */
  readonly databaseUrl: string;
  /** EventStoreDB, when events are there. */
  readonly eventStoreUrl?: string | undefined;
  /** Checked by PostgreSQL's store; EventStoreDB knows of none. */
  readonly fence?: PostgresEventStoreOptions['fence'];
}

/**
 * The store that the settings choose: for composition roots, and nobody else. EventStoreDB's client is loaded only for who wants it.
 * @throws Error for a URL that can't be used; nothing connects before it is used
 */
export async function openEventStore({
  databaseUrl,
  eventStoreUrl,
  fence,
}: EventStoreSettings): Promise<EventStore> {
  if (eventStoreUrl === undefined) return new PostgresEventStore(databaseUrl, fence ? { fence } : {});
  const { EventStoreDbEventStore } = await import('./eventstoredb/eventstoredb-event-store.js');
  return new EventStoreDbEventStore(eventStoreUrl);
}
