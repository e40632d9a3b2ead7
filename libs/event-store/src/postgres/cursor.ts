import { EventStoreError, type Cursor } from '../port.js';

/** Larger ones do not fit PostgreSQL's bigint. */
const LAST_POSITION = 2n ** 63n - 1n;

/** This store's cursors are the position of an append's last event, in decimal. */
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
