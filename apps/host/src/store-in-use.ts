import { eventStoreKind, type EventStoreKind } from '#event-store/event-store-kind';
import { openEventStore } from '#event-store/open-event-store';
import type { EventStore } from '#event-store/port';
import { withClient } from '#platform/database/with-client';
import { knownEvent, requireReached } from '#site/own-store/known-event';
import { requireInUse } from '#site/own-store/require-own-store';
import { storeInUse, type Query } from '#site/own-store/store-in-use';

/**
 * The store that the settings name, as the owner; only when the database says that the history is there, or does not say yet, and when it holds
 * the newest event that the history is known to have.
 * @throws SiteError `store-not-in-use`, `store-behind`; EventStoreError
 */
export async function openStoreInUse(
  ownerUrl: string,
  eventStoreUrl: string | undefined,
): Promise<{ readonly store: EventStore; readonly inUse: EventStoreKind | null }> {
  const kind = eventStoreKind(eventStoreUrl);
  const { inUse, known } = await withClient(ownerUrl, async (client) => {
    const query: Query = (text) => client.query(text);
    const kindInUse = await storeInUse(query);
    requireInUse(kindInUse, kind);
    return { inUse: kindInUse, known: await knownEvent(query) };
  });
  const store = await openEventStore({ databaseUrl: ownerUrl, eventStoreUrl });
  try {
    await requireReached(store, kind, known);
  } catch (error) {
    await store.close();
    throw error;
  }
  return { store, inUse };
}
