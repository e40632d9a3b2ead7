import { openEventStore } from '#event-store/open-event-store';
import type { EventStore } from '#event-store/port';
import type { Fence } from '#platform/lease/fence';
import { FencedStore } from '#platform/lease/fenced-store';
import { ownStore, readLedgerVkey } from '#site/own-store/open-own-store';
import type { WorkerConfig } from './config.js';

type Settings = Pick<WorkerConfig, 'databaseUrl' | 'eventStoreUrl' | 'ledgerVkeyFile'>;

/**
 * The site's own event store, that only the holder of the lease appends to.
 * @throws ConfigError; SiteError when the store is known to be another's
 */
export async function openStore(settings: Settings, fence: Fence): Promise<EventStore> {
  const { databaseUrl, eventStoreUrl } = settings;
  const ledgerVkey = await readLedgerVkey(settings.ledgerVkeyFile);
  const opened = await openEventStore({ databaseUrl, eventStoreUrl, fence });
  // PostgreSQL's store checks the fence in the append's own transaction.
  const fenced = eventStoreUrl === undefined ? opened : new FencedStore(opened, databaseUrl, fence);
  return ownStore(fenced, { databaseUrl, eventStoreUrl, ledgerVkey });
}
