import type pg from 'pg';
import type { EventStoreKind } from '#event-store/event-store-kind';
import type { EventStore } from '#event-store/port';
import { keepKnownEvent } from '#site/own-store/known-event';
import { useStore, type Query } from '#site/own-store/store-in-use';
import type { Copied } from './copy-history.js';
import { moveKeptCursors } from './kept-cursors.js';

/**
 * Makes the target the store in use, with the cursors that reactors and read models go on from, in one transaction: as long as the source
 * has no more than was copied. PostgreSQL is closed to servers by the same transaction; EventStoreDB can't be, and is looked at last.
 * @throws Error when the source has grown; nothing was switched then
 */
export async function switchOver(
  client: pg.Client,
  source: Pick<EventStore, 'readAll'>,
  to: EventStoreKind,
  copied: Copied,
): Promise<void> {
  const query: Query = (text, values) => client.query(text, values);
  await client.query('begin');
  try {
    if (to === 'eventstoredb') await requireSize(client, copied.events);
    await moveKeptCursors(client, copied.places);
    await useStore(query, to);
    const newest = copied.end?.events.at(-1);
    if (newest) await keepKnownEvent(query, { ...newest, position: copied.events - 1n });
    if (to === 'postgresql') await requireEnd(source, copied);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** Waits for appends that are under way; others wait for us, and find the head closed. */
async function requireSize(client: pg.Client, events: bigint): Promise<void> {
  const { rows } = await client.query<{ next: string }>(
    'select next_position::text as next from events.head for update',
  );
  const size = BigInt(rows[0]?.next ?? 0);
  if (size !== events) throw grown('PostgreSQL', `it has ${size} events, ${events} were copied`);
}

async function requireEnd(source: Pick<EventStore, 'readAll'>, { events, end }: Copied): Promise<void> {
  for await (const { stream } of source.readAll(end?.cursor ?? null))
    throw grown('EventStoreDB', `after the ${events} events that were copied it has new ones, of ${stream}`);
}

function grown(name: string, how: string): Error {
  return new Error(
    `${name} got events while they were copied: ${how}. A server of the site still runs somewhere: stop it, and copy again. Nothing was switched`,
  );
}
