import type { ResolvedEvent } from '@eventstore/db-client';
import type { StoredEvent } from '../port.js';
import { partOf, type Part } from './append-boundaries.js';

/** An event of ours as the server keeps it. */
export interface OwnRecord {
  /** In the server's log; that of an append's last event is the append's cursor. */
  readonly position: bigint;
  readonly part: Part;
  readonly event: StoredEvent;
}

/** What the server says for "no position": the largest 64-bit number. */
const NO_POSITION = 2n ** 64n - 1n;

export function positionOfRecord({ event, link }: ResolvedEvent): bigint {
  const { position } = link ?? event ?? {};
  if (!position || position.commit >= NO_POSITION)
    throw new Error('EventStoreDB gives its events no positions: it must be version 22.10 or later');
  if (position.commit !== position.prepare)
    throw new Error(
      `the event at ${position.commit}/${position.prepare} was written in a transaction of the old TCP protocol: EventStoreDB has another writer than Holdfast`,
    );
  return position.commit;
}

/** Whether the server wrote it for itself: statistics, users, metadata of streams, links. */
export function isSystemRecord({ event, link }: ResolvedEvent): boolean {
  return !event || link !== undefined || event.type.startsWith('$') || event.streamId.startsWith('$');
}

/** @throws Error for an event that somebody else wrote: the record would not be one history any more */
export function ownRecord(resolved: ResolvedEvent): OwnRecord {
  const { event } = resolved;
  const part = partOf(event?.metadata);
  if (!event || event.isJson || !part)
    throw new Error(
      `event ${event?.revision ?? '?'} of stream ${event?.streamId ?? '?'} in EventStoreDB was not written by Holdfast: give it a store of its own`,
    );
  const { streamId: stream, revision, id, type, data } = event;
  return {
    position: positionOfRecord(resolved),
    part,
    event: { stream, streamRevision: revision, id, type, bytes: Uint8Array.from(data) },
  };
}
