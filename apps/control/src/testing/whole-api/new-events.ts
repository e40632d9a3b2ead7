import { decodeEvent, type EventEnvelope } from '#kernel';
import type { Cursor, EventStore } from '#event-store/port';

/** Reads a history on from where it was read last. */
export class NewEvents {
  private cursor: Cursor | null = null;

  constructor(private readonly store: EventStore) {}

  async next(): Promise<readonly EventEnvelope[]> {
    const events: EventEnvelope[] = [];
    for await (const append of this.store.readAll(this.cursor)) {
      this.cursor = append.cursor;
      events.push(...append.events.map(({ bytes }) => decodeEvent(bytes)));
    }
    return events;
  }
}
