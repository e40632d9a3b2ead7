import { sentenceOf } from '#kernel';
import { eventStoreKind } from '#event-store/event-store-kind';
import { EventStoreError, type EventStore } from '#event-store/port';
import { ConfigError } from '#platform/config';
import { withClient } from '#platform/database/with-client';
import { readSettingFile } from '#platform/setting-file';
import { OwnStore } from './own-store.js';
import { knownEvent, requireReached } from './known-event.js';
import { requireHistoryOf, requireInUse } from './require-own-store.js';
import { storeInUse, type Query } from './store-in-use.js';

export interface OwnStoreSettings {
  /** With a role that may read `holdfast.event_store`. */
  readonly databaseUrl: string;
  readonly eventStoreUrl?: string | undefined;
  /** Of the site's ledger; a vkey begins with the site's origin. */
  readonly ledgerVkey: string;
}

/**
 * Guards an opened store: it must be the one that the site's history is in, and hold the history of the site whose ledger has this key, as far
 * as it is known to go.
 * @throws SiteError when it is known at once that it is not
 */
export async function ownStore(store: EventStore, settings: OwnStoreSettings): Promise<EventStore> {
  const own = new OwnStore(store, () => requireOwn(store, settings));
  await own.refuseAnother();
  return own;
}

/** @throws SiteError; EventStoreError `unavailable` when store or database can't be asked */
export async function requireOwn(store: EventStore, settings: OwnStoreSettings): Promise<void> {
  const kind = eventStoreKind(settings.eventStoreUrl);
  const { inUse, known } = await withClient(settings.databaseUrl, async (client) => {
    const query: Query = (text) => client.query(text);
    return { inUse: await storeInUse(query), known: await knownEvent(query) };
  }).catch((error: unknown) => {
    const why = sentenceOf(error);
    throw new EventStoreError('unavailable', `the database does not say where the events are: ${why}`, {
      cause: error,
    });
  });
  requireInUse(inUse, kind);
  await requireHistoryOf(store, kind, settings.ledgerVkey);
  await requireReached(store, kind, known);
}

/** The public half of the ledger's key, from its file. @throws ConfigError */
export async function readLedgerVkey(file: string): Promise<string> {
  const vkey = (await readSettingFile('HOLDFAST_LEDGER_VKEY_FILE', file)).trim();
  if (!/^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/.test(vkey))
    throw new ConfigError(['HOLDFAST_LEDGER_VKEY_FILE: the file does not hold a public key of a ledger.']);
  return vkey;
}
