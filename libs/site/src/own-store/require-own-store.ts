import { decodeEvent } from '#kernel';
import type { EventStoreKind } from '#event-store/event-store-kind';
import type { EventStore } from '#event-store/port';
import { SiteError } from '../domain/errors.js';
import { SITE_STREAM } from '../domain/site.js';
import { STORE_NAMES } from './store-names.js';

/** @throws SiteError `store-not-in-use` */
export function requireInUse(inUse: EventStoreKind | null, configured: EventStoreKind): void {
  if (inUse === null || inUse === configured) return;
  throw new SiteError(
    'store-not-in-use',
    `the site's events are in ${STORE_NAMES[inUse]}, and the settings say ${STORE_NAMES[configured]}: ${
      configured === 'eventstoredb'
        ? 'unset EVENTSTORE_URL, or move them first with "holdfast events copy --to eventstoredb"'
        : 'set EVENTSTORE_URL, or move them first with "holdfast events copy --to postgresql"'
    }`,
  );
}

/**
 * Whether a store holds the history of the site that a ledger's key belongs to: its first event says so.
 * @throws SiteError `not-founded`, `founded-otherwise`; EventStoreError
 */
export async function requireHistoryOf(
  store: Pick<EventStore, 'readStream'>,
  kind: EventStoreKind,
  ledgerVkey: string,
): Promise<void> {
  const founded = await foundedKey(store);
  if (founded === undefined)
    throw new SiteError(
      'not-founded',
      `${STORE_NAMES[kind]} holds no site: it is another server than before, or its events are gone. "holdfast prepare" founds a new site; "holdfast events copy" moves one`,
    );
  if (founded !== ledgerVkey)
    throw new SiteError(
      'founded-otherwise',
      `${STORE_NAMES[kind]} holds the history of the ledger ${founded}, and this site's is ${ledgerVkey}: it is another site's store`,
    );
}

async function foundedKey(store: Pick<EventStore, 'readStream'>): Promise<string | undefined> {
  for await (const { bytes } of store.readStream(SITE_STREAM)) {
    const { type, data } = decodeEvent(bytes);
    if (type !== 'SiteFounded' || typeof data !== 'object' || data === null || !('ledgerKey' in data))
      continue;
    if (typeof data.ledgerKey === 'string') return data.ledgerKey;
  }
  return undefined;
}
