import type { EventStoreKind } from '#event-store/event-store-kind';

/** With the setting that names each. */
export const STORE_NAMES: Readonly<Record<EventStoreKind, string>> = {
  postgresql: 'PostgreSQL (DATABASE_URL)',
  eventstoredb: 'EventStoreDB (EVENTSTORE_URL)',
};
