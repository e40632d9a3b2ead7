import { beforeEach, describe, expect, it } from 'vitest';
import {
  decodeEvent,
  encodeEvent,
  type CommandContext,
  type DomainEvent,
  type EventEnvelope,
  uuidv7,
} from '#kernel';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { byPerson } from '#test/support/decider-specification';
import { StreamWriter, type StreamKind } from './decide-and-append.js';

interface Add {
  readonly type: 'Add';
  readonly amounts: readonly number[];
  readonly context: CommandContext;
}
type Added = DomainEvent<'Added', { readonly amount: number }>;

/** A stream that adds up, and refuses to pass 100. */
const sum: StreamKind<Add, Added, number> = {
  initialState: 0,
  versions: { Added: 1 },
  decide: ({ amounts }, total) => {
    if (amounts.reduce((a, b) => a + b, total) > 100) throw new Error('too much');
    return amounts.map((amount) => ({ type: 'Added', data: { amount } }));
  },
  evolve: (total, event) => total + event.data.amount,
};

const context = byPerson('Ana', ['author']);
const add = (...amounts: number[]): Add => ({ type: 'Add', amounts, context });

let store: InMemoryEventStore;
let writer: StreamWriter;

beforeEach(() => {
  store = new InMemoryEventStore();
  writer = new StreamWriter(store, 'Europe/Zurich');
});

async function stored(): Promise<EventEnvelope[]> {
  const envelopes = [];
  for await (const { bytes } of store.readStream('sum')) envelopes.push(decodeEvent(bytes));
  return envelopes;
}

describe('a command', () => {
  it('is one append, whose events say who, when and why, and how they belong together', async () => {
    const { state, eventIds } = await writer.decideAndAppend(sum, 'sum', add(1, 2));
    expect(state).toBe(3);
    const events = await stored();
    expect(events.map(({ id }) => id)).toEqual(eventIds);
    expect(events.map(({ streamRevision, part }) => ({ streamRevision, part }))).toEqual([
      { streamRevision: '0', part: [1, 2] },
      { streamRevision: '1', part: [2, 2] },
    ]);
    const { at, actor, reason, cause, correlation } = context;
    expect(events[1]).toMatchObject({
      at,
      actor,
      reason,
      cause,
      correlation,
      zone: 'Europe/Zurich',
      offset: '+01:00',
    });
  });

  it('that yields nothing appends nothing', async () => {
    expect(await writer.decideAndAppend(sum, 'sum', add())).toMatchObject({
      state: 0,
      cursor: null,
      eventIds: [],
    });
    expect(await stored()).toEqual([]);
  });

  it('that is refused appends nothing', async () => {
    await expect(writer.decideAndAppend(sum, 'sum', add(101))).rejects.toThrow('too much');
    expect(await stored()).toEqual([]);
  });

  it('is decided again when somebody else appended first', async () => {
    const others = new StreamWriter(store, 'Europe/Zurich');
    await Promise.all(
      Array.from({ length: 8 }, (_, i) => (i % 2 ? writer : others).decideAndAppend(sum, 'sum', add(10))),
    );
    await expect(writer.decideAndAppend(sum, 'sum', add(21))).rejects.toThrow('too much');
    expect((await writer.load(sum, 'sum')).state).toBe(80);
  });

  it('sees what another process appended since it last looked', async () => {
    await writer.decideAndAppend(sum, 'sum', add(60));
    await new StreamWriter(store, 'Etc/UTC').decideAndAppend(sum, 'sum', add(30));
    await expect(writer.decideAndAppend(sum, 'sum', add(20))).rejects.toThrow('too much');
  });

  it('is not decided on a history that a later release wrote', async () => {
    await writer.decideAndAppend(sum, 'sum', add(1));
    const [event] = await stored();
    if (!event) throw new Error('no event');
    const later = { ...event, id: uuidv7(), v: 2, streamRevision: '1' };
    await store.append('sum', 0n, [{ id: later.id, type: later.type, bytes: encodeEvent(later) }]);
    await expect(writer.decideAndAppend(sum, 'sum', add(1))).rejects.toThrow(
      /Added version 2 in sum is not known/,
    );
  });

  it.each([
    ['of another stream', { stream: 'attic' }],
    ['of another number', { streamRevision: '7' }],
  ])('is not decided on a history in which an event %s stands', async (_what, elsewhere) => {
    await writer.decideAndAppend(sum, 'sum', add(1));
    const [event] = await stored();
    if (!event) throw new Error('no event');
    const moved = { ...event, id: uuidv7(), streamRevision: '1', ...elsewhere };
    await store.append('sum', 0n, [{ id: moved.id, type: moved.type, bytes: encodeEvent(moved) }]);
    await expect(writer.decideAndAppend(sum, 'sum', add(1))).rejects.toMatchObject({
      code: 'malformed-event',
    });
  });
});
