import type { EventStoreKind } from '#event-store/event-store-kind';
import type { EventStore } from '#event-store/port';
import { SiteError } from '../domain/errors.js';
import { STORE_NAMES } from './store-names.js';
import type { Query } from './store-in-use.js';

/** An event that this site's history is known to have, with its position in the ledger. */
export interface KnownEvent {
  readonly position: bigint;
  readonly stream: string;
  readonly streamRevision: bigint;
  readonly id: string;
}

interface Row {
  readonly position: string;
  readonly stream: string;
  readonly stream_revision: string;
  readonly id: string;
}

/** The newest one; null as long as nothing was sealed or copied. */
export async function knownEvent(query: Query): Promise<KnownEvent | null> {
  const { rows } = await query('select position, stream, stream_revision, id from holdfast.known_event');
  const [row] = rows as readonly Row[];
  if (!row) return null;
  const { position, stream, stream_revision: revision, id } = row;
  return { position: BigInt(position), stream, streamRevision: BigInt(revision), id };
}

/** Remembers it, unless a later one is known. As the projector, or the owner. */
export async function keepKnownEvent(query: Query, event: KnownEvent): Promise<void> {
  await query(
    `insert into holdfast.known_event (position, stream, stream_revision, id) values ($1, $2, $3, $4)
     on conflict (one) do update set position = excluded.position, stream = excluded.stream,
       stream_revision = excluded.stream_revision, id = excluded.id
     where known_event.position < excluded.position`,
    [String(event.position), event.stream, String(event.streamRevision), event.id],
  );
}

/**
 * Whether a store holds what is known to have been in the history: an old copy of it, which begins in the same way, does not.
 * @throws SiteError `store-behind`; EventStoreError
 */
export async function requireReached(
  store: Pick<EventStore, 'readStream'>,
  kind: EventStoreKind,
  known: KnownEvent | null,
): Promise<void> {
  if (known === null) return;
  const { position, stream, streamRevision, id } = known;
  for await (const event of store.readStream(stream, streamRevision)) {
    if (event.id === id) return;
    break;
  }
  throw new SiteError(
    'store-behind',
    `${STORE_NAMES[kind]} lacks event ${position} of the site's history, event ${streamRevision} of ${stream}: it is an older copy, or was restored from an older backup. Nothing is written to it. Name the server that has the whole history, or bring its newest events back`,
  );
}
