import type { EventStoreKind } from '#event-store/event-store-kind';
import type { EventStore } from '#event-store/port';
import { SiteError } from '#site/domain/errors';
import { TlogError } from '#tlog';
import { claimedCheckpointIn } from './history/checkpoint-in.js';
import type { LedgerFolders } from './ledger-folders.js';

/**
 * A store without a site may be a new site's, or the wrong one: a site is founded once, and its ledger could not go on from another
 * first event.
 * @param inUse which store the database says that the history is in
 * @throws SiteError `not-founded`; Error with a sentence
 */
export async function requireNewSite(
  { ledgerDir, ledgerSecondDir }: LedgerFolders,
  store: EventStore,
  inUse: EventStoreKind | null,
): Promise<void> {
  for (const folder of [ledgerDir, ledgerSecondDir]) {
    const ledger = await ledgerIn(folder);
    if (ledger !== undefined) throw notNew(`: ${ledger}`);
  }
  if (inUse !== null) throw notNew('');
  for await (const { stream } of store.readAll(null))
    throw notFounded(
      `the event store holds no site, but other events, the first in ${stream}: give Holdfast a store of its own`,
    );
}

/** Says what there is; undefined when nothing was sealed. A new home has no key to know a ledger of its own by: anyone's counts. */
async function ledgerIn(folder: string): Promise<string | undefined> {
  try {
    const sealed = (await claimedCheckpointIn(folder))?.size ?? 0n;
    return sealed > 0n ? `its ledger in ${folder} holds ${sealed} entries` : undefined;
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    return `its ledger in ${folder} has a checkpoint that is none (${error.message})`;
  }
}

function notNew(why: string): SiteError {
  return notFounded(
    `the event store is empty, but this site is not new${why}. Name the store that holds its events (DATABASE_URL, EVENTSTORE_URL), or restore them`,
  );
}

function notFounded(sentence: string): SiteError {
  return new SiteError('not-founded', sentence);
}
