import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { EventStoreKind } from '#event-store/event-store-kind';
import type { EventStore } from '#event-store/port';
import { SiteError } from '#site/domain/errors';
import type { Home } from './home.js';

/**
 * A store without a site may be a new site's, or the wrong one: a site is founded once, and its ledger could not go on from another
 * first event.
 * @param inUse which store the database says that the history is in
 * @throws SiteError `not-founded`
 */
export async function requireNewSite(
  home: Home,
  store: EventStore,
  inUse: EventStoreKind | null,
): Promise<void> {
  const sealed = await sealedEntries(home);
  if (inUse !== null || sealed > 0)
    throw notFounded(
      `the event store is empty, but this site is not new${sealed > 0 ? `: its ledger in ${home.ledger()} holds ${sealed} entries` : ''}. Name the store that holds its events (DATABASE_URL, EVENTSTORE_URL), or restore them`,
    );
  for await (const { stream } of store.readAll(null))
    throw notFounded(
      `the event store holds no site, but other events, the first in ${stream}: give Holdfast a store of its own`,
    );
}

/** Of the checkpoint's second line; 0 when there is none. */
async function sealedEntries(home: Home): Promise<number> {
  const checkpoint = await readFile(path.join(home.ledger(), 'checkpoint'), 'utf8').catch(() => '');
  return Number(checkpoint.split('\n')[1] ?? 0);
}

function notFounded(sentence: string): SiteError {
  return new SiteError('not-founded', sentence);
}
