import { eventStoreKind } from '#event-store/event-store-kind';
import { requireInUse } from '#site/own-store/require-own-store';
import { withClient } from '#platform/database/with-client';
import { storeInUse } from '#site/own-store/store-in-use';

/**
 * An old copy, left where the history was before it was moved, equals the ledger no more, or only seems to: what is there was sealed once.
 * @throws SiteError `store-not-in-use`
 */
export async function requireStoreInUse(ownerUrl: string, eventStoreUrl: string | undefined): Promise<void> {
  const inUse = await withClient(ownerUrl, (client) => storeInUse((text) => client.query(text)));
  requireInUse(inUse, eventStoreKind(eventStoreUrl));
}
