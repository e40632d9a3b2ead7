import { decodeEvent } from '#kernel';
import type { EventStore } from '#event-store/port';
import type { PositionedEvent } from '#platform/projection';

/** Every event, with the position that a ledger would give it. */
export async function readWhole(store: EventStore): Promise<PositionedEvent[]> {
  const events: PositionedEvent[] = [];
  for await (const { events: appended } of store.readAll(null)) {
    for (const { bytes } of appended)
      events.push({ position: BigInt(events.length), envelope: decodeEvent(bytes), bytes });
  }
  return events;
}
