import { describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { NO_STREAM, type EventStore, type EventToAppend, type StoredAppend } from '#event-store/port';
import { copyHistory } from './copy-history.js';

function someEvents(count: number): EventToAppend[] {
  return Array.from({ length: count }, (_, i) => ({
    id: uuidv7(),
    type: 'Tried',
    bytes: Buffer.from(`{"n":${i}}`),
  }));
}

async function all(store: EventStore): Promise<StoredAppend[]> {
  const appends: StoredAppend[] = [];
  for await (const append of store.readAll(null)) appends.push(append);
  return appends;
}

/** Streams that take turns, and appends of one event and of several. */
async function aHistory(): Promise<InMemoryEventStore> {
  const store = new InMemoryEventStore();
  const newest = new Map<string, bigint>();
  for (let n = 0; n < 12; n++) {
    const stream = `stream/${n % 3}`;
    const { lastRevision } = await store.append(
      stream,
      newest.get(stream) ?? NO_STREAM,
      someEvents((n % 4) + 1),
    );
    newest.set(stream, lastRevision);
  }
  return store;
}

async function beginningOf(source: EventStore, appends: number): Promise<InMemoryEventStore> {
  const target = new InMemoryEventStore();
  for (const { stream, events } of (await all(source)).slice(0, appends))
    await target.append(stream, (events[0]?.streamRevision ?? 0n) - 1n, events);
  return target;
}

const NOWHERE = new Set<string>();
const quiet = (): void => undefined;

describe('a copy', () => {
  it('has the same appends, in the same order', async () => {
    const [source, target] = [await aHistory(), new InMemoryEventStore()];
    const copied = await copyHistory(source, target, NOWHERE, quiet);
    const end = (await all(source)).at(-1);
    expect(copied).toEqual({ events: 30n, appended: 30n, end, places: new Map() });
    expect(await all(target)).toEqual(await all(source));
  });

  it.each([0, 1, 7, 12])('goes on where one was interrupted, after %i appends', async (done) => {
    const source = await aHistory();
    const target = await beginningOf(source, done);
    const before = (await all(target)).flatMap(({ events }) => events).length;
    const copied = await copyHistory(source, target, NOWHERE, quiet);
    expect(copied).toMatchObject({ events: 30n, appended: 30n - BigInt(before) });
    expect(await all(target)).toEqual(await all(source));
  });

  it('tells where the places that were asked for are, copied now or before', async () => {
    const source = await aHistory();
    const target = await beginningOf(source, 5);
    const cursors = (await all(source)).map(({ cursor }) => cursor);
    const asked = new Set([cursors[2] ?? '', cursors[9] ?? '', 'elsewhere']);
    const { places } = await copyHistory(source, target, asked, quiet);
    const there = (await all(target)).map(({ cursor }) => cursor);
    expect([...places]).toEqual([
      [cursors[2], there[2]],
      [cursors[9], there[9]],
    ]);
  });

  it('leaves another history alone', async () => {
    const [source, target] = [await aHistory(), await aHistory()];
    const before = await all(target);
    await expect(copyHistory(source, target, NOWHERE, quiet)).rejects.toThrow(/other events at position 0/);
    expect(await all(target)).toEqual(before);
  });

  it('leaves one alone whose appends end elsewhere', async () => {
    const source = await aHistory();
    const target = new InMemoryEventStore();
    const [first, second] = await all(source);
    await target.append(first?.stream ?? '', NO_STREAM, first?.events ?? []);
    await target.append(second?.stream ?? '', NO_STREAM, second?.events.slice(0, 1) ?? []);
    await expect(copyHistory(source, target, NOWHERE, quiet)).rejects.toThrow(/other events at position 1/);
  });

  it('leaves one alone that went on by itself', async () => {
    const source = await aHistory();
    const target = await beginningOf(source, 12);
    await target.append('stream/new', NO_STREAM, someEvents(1));
    await expect(copyHistory(source, target, NOWHERE, quiet)).rejects.toThrow(/more than the 30 events/);
  });
});
