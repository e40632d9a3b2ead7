/** Where events can be. */
export type EventStoreKind = 'postgresql' | 'eventstoredb';

/** What the settings choose: `EVENTSTORE_URL` moves events to EventStoreDB. */
export function eventStoreKind(eventStoreUrl: string | undefined): EventStoreKind {
  return eventStoreUrl === undefined ? 'postgresql' : 'eventstoredb';
}
