import type pg from 'pg';
import type { EventStoreKind } from '#event-store/event-store-kind';
import { openEventStore } from '#event-store/open-event-store';
import type { EventStore } from '#event-store/port';
import { requireHistoryOf } from '#site/own-store/require-own-store';
import { withClient } from '#platform/database/with-client';
import { storeInUse } from '#site/own-store/store-in-use';
import { compareStore } from '../compare-ledger/compare-store.js';
import { copyHistory, type Copied } from './copy-history.js';
import { keptCursors } from './kept-cursors.js';
import { requireNoServers } from './require-no-servers.js';
import { switchOver } from './switch-over.js';

export interface Move {
  readonly to: EventStoreKind;
  /** The owner's. */
  readonly ownerUrl: string;
  /** EventStoreDB, whichever way the events go. */
  readonly eventStoreUrl: string;
  /** The ledger's folder, and the key that must have sealed it. */
  readonly ledger: string;
  readonly vkey: string;
  readonly say: (line: string) => void;
}

export type Moved = Pick<Copied, 'events' | 'appended'> & {
  /** The entries of the ledger, each equal to the event that was copied. */
  readonly sealed: bigint;
};

/**
 * Copies the site's history to the other store, compares it there with the ledger, and only then makes it the one in use: with the cursors that
 * reactors and read models go on from, in one transaction. Interrupted anywhere before, nothing has changed, and the next try goes on.
 * @throws Error with a sentence; SiteError; EventStoreError; TlogError
 */
export async function moveEvents(move: Move): Promise<Moved> {
  return withClient(move.ownerUrl, async (client) => {
    const from = await storeInUse((text) => client.query(text));
    if (from === null) throw new Error('this database belongs to no founded site: there is nothing to copy');
    if (from === move.to) throw new Error(`the site's events are in ${move.to} already`);
    await requireNoServers(client);
    const [source, target] = [await open(move, from), await open(move, move.to)];
    try {
      await requireHistoryOf(source, from, move.vkey);
      return await between(client, source, target, move);
    } finally {
      await source.close();
      await target.close();
    }
  });
}

async function between(
  client: pg.Client,
  source: EventStore,
  target: EventStore,
  { ledger, vkey, to, say }: Move,
): Promise<Moved> {
  const copied = await copyHistory(source, target, await keptCursors(client), say);
  const { sealed, differences } = await compareStore(ledger, vkey, target);
  const [fault] = differences;
  if (fault)
    throw new Error(
      `the history does not equal the ledger: event ${fault.position} ${fault.kind}. Nothing was switched; see "holdfast verify"`,
    );
  await requireNoServers(client);
  await switchOver(client, source, to, copied);
  return { events: copied.events, appended: copied.appended, sealed };
}

function open({ ownerUrl, eventStoreUrl }: Move, kind: EventStoreKind): Promise<EventStore> {
  return openEventStore({
    databaseUrl: ownerUrl,
    eventStoreUrl: kind === 'eventstoredb' ? eventStoreUrl : undefined,
  });
}
