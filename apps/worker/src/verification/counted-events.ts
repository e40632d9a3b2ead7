import type { Cursor, EventStore } from '#event-store/port';
import type { DatabaseRow } from '#ledger/published';

/** Of a store that gives no positions: they are counted. What was read to its end is not read again for a later position. */
export class CountedEvents {
  /** Behind so many events. */
  private mark: { readonly position: bigint; readonly cursor: Cursor } | undefined;

  constructor(private readonly store: Pick<EventStore, 'readAll'>) {}

  async *from(from: bigint): AsyncGenerator<DatabaseRow> {
    const mark = this.mark !== undefined && this.mark.position <= from ? this.mark : undefined;
    let position = mark?.position ?? 0n;
    for await (const { events, cursor } of this.store.readAll(mark?.cursor ?? null)) {
      for (const { bytes } of events) {
        if (position >= from) yield { position, bytes };
        position += 1n;
      }
      this.mark = { position, cursor };
    }
  }
}
