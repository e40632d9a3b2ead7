import type { Cursor, EventStore } from '#event-store/port';

/** How many events there are up to a cursor: of a history that was moved or restored. From then on the number is kept. */
export async function eventsUpTo(
  store: Pick<EventStore, 'readAll' | 'compareCursors'>,
  cursor: Cursor | null,
): Promise<bigint> {
  if (cursor === null) return 0n;
  let events = 0n;
  for await (const append of store.readAll(null)) {
    if (store.compareCursors(append.cursor, cursor) > 0) break;
    events += BigInt(append.events.length);
  }
  return events;
}

/** @param positions at least one */
export function lowest(positions: readonly bigint[]): bigint {
  return positions.reduce((least, each) => (each < least ? each : least));
}
