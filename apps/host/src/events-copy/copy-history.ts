import type { Cursor, EventStore, StoredAppend, StoredEvent } from '#event-store/port';

export interface Copied {
  /** Events of the whole history. */
  readonly events: bigint;
  /** Of these, appended now; the others stood there from a copy that was interrupted. */
  readonly appended: bigint;
  /** The source's last append; null when it has none. */
  readonly end: StoredAppend | null;
  /** Where the places that were asked for are in the target. */
  readonly places: ReadonlyMap<Cursor, Cursor>;
}

const SAY_EVERY = 10_000n;

/**
 * Copies a history, append by append, the bytes as they are. What is in the target must be the beginning of it: so a copy that was
 * interrupted goes on, and another history is left alone.
 * @param wanted cursors of the source whose places in the target are asked for
 * @throws Error when the target holds something else; EventStoreError
 */
export async function copyHistory(
  source: EventStore,
  target: EventStore,
  wanted: ReadonlySet<Cursor>,
  say: (line: string) => void,
): Promise<Copied> {
  const places = new Map<Cursor, Cursor>();
  const there = target.readAll(null)[Symbol.asyncIterator]();
  let held = await there.next();
  let [events, appended, said] = [0n, 0n, 0n];
  let end: StoredAppend | null = null;
  for await (const append of source.readAll(null)) {
    const size = BigInt(append.events.length);
    let cursor: Cursor;
    if (held.done === true) {
      cursor = await appendTo(target, append);
      appended += size;
    } else {
      requireSame(append, held.value, events);
      cursor = held.value.cursor;
      held = await there.next();
    }
    if (wanted.has(append.cursor)) places.set(append.cursor, cursor);
    events += size;
    end = append;
    if (events - said >= SAY_EVERY) {
      say(`${events} events`);
      said = events;
    }
  }
  if (held.done !== true)
    throw new Error(
      `the target holds more than the ${events} events of the history: it went on by itself, and is left as it is`,
    );
  return { events, appended, end, places };
}

async function appendTo(target: EventStore, { stream, events }: StoredAppend): Promise<Cursor> {
  const before = (events[0]?.streamRevision ?? 0n) - 1n;
  return (await target.append(stream, before, events)).cursor;
}

function requireSame(append: StoredAppend, held: StoredAppend, position: bigint): void {
  if (
    append.events.length === held.events.length &&
    append.events.every((each, i) => isSame(each, held.events[i]))
  )
    return;
  throw new Error(
    `the target holds other events at position ${position}: it is another history, and is left as it is. Name an empty one`,
  );
}

function isSame(a: StoredEvent, b: StoredEvent | undefined): boolean {
  return (
    a.stream === b?.stream &&
    a.streamRevision === b.streamRevision &&
    a.id === b.id &&
    a.type === b.type &&
    Buffer.compare(a.bytes, b.bytes) === 0
  );
}
