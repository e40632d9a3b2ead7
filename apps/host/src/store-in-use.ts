import { eventStoreKind, type EventStoreKind } from '#event-store/event-store-kind';
import { openEventStore } from '#event-store/open-event-store';
import type { EventStore } from '#event-store/port';
import { requireInUse } from '#site/own-store/require-own-store';
import { storeInUse, withClient } from '#site/own-store/store-in-use';

/**
 * The store that the settings name, as the owner; only when the database says that the history is there, or does not say yet.
 * @throws SiteError `store-not-in-use`
 */
export async function openStoreInUse(
  ownerUrl: string,
  eventStoreUrl: string | undefined,
): Promise<{ readonly store: EventStore; readonly inUse: EventStoreKind | null }> {
  const inUse = await withClient(ownerUrl, (client) => storeInUse((text) => client.query(text)));
  requireInUse(inUse, eventStoreKind(eventStoreUrl));
  return { store: await openEventStore({ databaseUrl: ownerUrl, eventStoreUrl }), inUse };
}
