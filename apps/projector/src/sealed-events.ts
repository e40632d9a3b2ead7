import { decodeEvent } from '#kernel';
import type { Cursor, EventStore, StoredAppend } from '#event-store/port';
import type { LedgerWriter } from '#ledger/published';
import type { PositionedEvent } from '#platform/projection';

/** A place in the history: the position of the next event, and the store's cursor before it. */
export interface Place {
  readonly next: bigint;
  readonly cursor: Cursor | null;
}

export const BEGINNING: Place = { next: 0n, cursor: null };

/** Whole appends, and the place behind them. */
export interface SealedBatch {
  readonly events: readonly PositionedEvent[];
  readonly end: { readonly next: bigint; readonly cursor: Cursor };
}

/**
 * What stands in the store from a place on, as far as it is sealed at the beginning. Each event's bytes are compared with the ledger before anything in them
 * is read. While one batch is worked on, the next is being fetched.
 * @param size about so many events in each
 * @throws LedgerError `entry-differs`
 */
export function sealedEvents(
  { store, ledger }: { readonly store: EventStore; readonly ledger: LedgerWriter },
  from: Place,
  size: number,
): AsyncGenerator<SealedBatch> {
  return oneAhead(batches(store, ledger, from, size));
}

async function* batches(
  store: EventStore,
  ledger: LedgerWriter,
  from: Place,
  size: number,
): AsyncGenerator<SealedBatch> {
  const { sealedSize } = ledger;
  let { next } = from;
  let appends: StoredAppend[] = [];
  let count = 0;
  for await (const append of store.readAll(from.cursor)) {
    // Sealed as whole appends, so no append is in by half.
    if (next + BigInt(count) >= sealedSize) break;
    appends.push(append);
    count += append.events.length;
    if (count < size) continue;
    const batch = sealedBatch(ledger, next, appends);
    yield batch;
    next = batch.end.next;
    [appends, count] = [[], 0];
  }
  if (count > 0) yield sealedBatch(ledger, next, appends);
}

function sealedBatch(ledger: LedgerWriter, first: bigint, appends: readonly StoredAppend[]): SealedBatch {
  const leaves = appends.flatMap(({ events }) => events.map(({ bytes }) => bytes));
  ledger.append(first, leaves);
  const events = leaves.map((bytes, i) => ({
    position: first + BigInt(i),
    envelope: decodeEvent(bytes),
    bytes,
  }));
  const cursor = appends.at(-1)?.cursor ?? '';
  return { events, end: { next: first + BigInt(events.length), cursor } };
}

async function* oneAhead<Item>(items: AsyncGenerator<Item>): AsyncGenerator<Item> {
  try {
    for (let coming = items.next(); ;) {
      const item = await coming;
      if (item.done === true) return;
      coming = items.next();
      // Heard when it is waited for.
      coming.catch(() => undefined);
      yield item.value;
    }
  } finally {
    await items.return(undefined);
  }
}
