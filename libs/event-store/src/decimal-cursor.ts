import { EventStoreError, type Cursor } from './port.js';

/** Larger ones fit neither PostgreSQL's bigint nor a position of EventStoreDB. */
const LAST_POSITION = 2n ** 63n - 1n;

/** A store's cursors are the store's own position of an append's last event, in decimal. */
export function cursorAt(position: bigint): Cursor {
  return String(position);
}

/** @throws EventStoreError `malformed-cursor` for what this store cannot have given */
export function positionOf(cursor: Cursor): bigint {
  if (/^(0|[1-9][0-9]{0,18})$/.test(cursor)) {
    const position = BigInt(cursor);
    if (position <= LAST_POSITION) return position;
  }
  throw new EventStoreError('malformed-cursor', `${JSON.stringify(cursor)} is no cursor of this event store`);
}

/** {@link EventStore.compareCursors}. @throws EventStoreError `malformed-cursor` */
export function compareDecimalCursors(a: Cursor, b: Cursor): number {
  const difference = positionOf(a) - positionOf(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
