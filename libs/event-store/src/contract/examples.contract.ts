import { randomUUID } from 'node:crypto';
import { lastValueFrom, take, takeWhile, toArray } from 'rxjs';
import type { Cursor, EventStore, EventToAppend, StoredAppend, StoredEvent } from '../port.js';

export function someEvent(bytes: Uint8Array | string = JSON.stringify({ n: randomUUID() })): EventToAppend {
  return { id: randomUUID(), type: 'SomethingHappened', bytes: Buffer.from(bytes) };
}

export function someEvents(count: number): EventToAppend[] {
  return Array.from({ length: count }, () => someEvent());
}

/** A stream that no other test uses. */
export function aStream(): string {
  return `example/${randomUUID()}`;
}

export async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const read: Item[] = [];
  for await (const item of items) read.push(item);
  return read;
}

/** The newest place in the store; null while it is empty. */
export async function end(store: EventStore): Promise<Cursor | null> {
  return (await all(store.readAll(null))).at(-1)?.cursor ?? null;
}

/** An append's events as they must come back. */
export function asStored(stream: string, first: bigint, events: readonly EventToAppend[]): object[] {
  return events.map((event, i) => ({
    stream,
    streamRevision: first + BigInt(i),
    id: event.id,
    type: event.type,
    text: text(event),
  }));
}

export function comparable(events: readonly StoredEvent[]): object[] {
  return events.map(({ stream, streamRevision, id, type, bytes }) => ({
    stream,
    streamRevision,
    id,
    type,
    text: text({ bytes }),
  }));
}

function text({ bytes }: { readonly bytes: Uint8Array }): string {
  return Buffer.from(bytes).toString('latin1');
}

/** Subscribes until `count` appends were consumed, and returns them. */
export async function consumed(
  store: EventStore,
  after: Cursor | null,
  count: number,
): Promise<StoredAppend[]> {
  const got: StoredAppend[] = [];
  const cursors = store.subscribeAll(after, async (batch) => void got.push(...batch));
  await lastValueFrom(cursors.pipe(takeWhile(() => got.length < count)), { defaultValue: null });
  return got;
}

/** The first `count` cursors that a subscription emits. */
export function cursors(
  store: EventStore,
  after: Cursor | null,
  count: number,
  consume: (batch: readonly StoredAppend[]) => Promise<void> = async () => undefined,
): Promise<Cursor[]> {
  return lastValueFrom(store.subscribeAll(after, consume).pipe(take(count), toArray()));
}

export function ids(appends: readonly StoredAppend[]): string[] {
  return appends.flatMap((append) => append.events.map((event) => event.id));
}
