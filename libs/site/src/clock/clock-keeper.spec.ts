import { beforeEach, describe, expect, it } from 'vitest';
import { decodeEvent, StoppedClock } from '#kernel';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { StreamWriter } from '#platform/decide-and-append';
import { createLogger } from '#platform/logging/logger';
import type { Synchronisation } from '../domain/clock.js';
import { ClockKeeper } from './clock-keeper.js';

const START = Date.parse('2026-11-22T12:00:00.000Z');
const FOLLOWS = { state: 'synchronised', source: 'chrony' } as const;
const ALONE = { state: 'not-synchronised', source: 'chrony' } as const;

let store: InMemoryEventStore;
let clock: StoppedClock;
let monotonic: number;
let synchronisation: Synchronisation;
let newestAt: string | null;
let log: string[];
let keeper: ClockKeeper;

beforeEach(() => {
  store = new InMemoryEventStore();
  clock = new StoppedClock(new Date(START).toISOString());
  monotonic = 500_000;
  synchronisation = FOLLOWS;
  newestAt = null;
  log = [];
  keeper = new ClockKeeper({
    of: { server: 'worker', host: 'alpha' },
    streams: new StreamWriter(store, 'Europe/Zurich'),
    clock,
    monotonicMs: () => monotonic,
    synchronisation: () => Promise.resolve(synchronisation),
    newestAt: () => Promise.resolve(newestAt),
    logger: createLogger('worker', 'info', { write: (line) => void log.push(line) }),
  });
});

/** So much time passes, and the clock of the day is set by so much beside. */
async function look(passed = 0, set = 0): Promise<void> {
  monotonic += passed;
  clock.set(new Date(Date.parse(clock.now()) + passed + set).toISOString());
  await keeper.look();
}

async function history(): Promise<readonly (readonly [string, unknown])[]> {
  const events: (readonly [string, unknown])[] = [];
  for await (const { bytes } of store.readStream('clock')) {
    const { type, data } = decodeEvent(bytes);
    events.push([type, data]);
  }
  return events;
}
const types = async () => (await history()).map(([type]) => type);

describe('R06: the clock that events are stamped by', () => {
  it('is looked at when the server starts', async () => {
    await look();
    expect(await history()).toEqual([
      [
        'TimeSynchronisationNoted',
        expect.objectContaining({ old: null, new: FOLLOWS, server: 'worker', host: 'alpha' }),
      ],
    ]);
  });

  it('that goes on as time does is nothing to note, however long', async () => {
    await look();
    for (let i = 0; i < 30; i++) await look(60_000, i % 2 === 0 ? 900 : -900);
    expect(await types()).toEqual(['TimeSynchronisationNoted']);
  });

  it('that is set is an event, and so is that it is set right', async () => {
    await look();
    await look(5_000, -7_200_000);
    expect((await history()).at(-1)).toEqual(['ClockStepped', expect.objectContaining({ byMs: -7_200_000 })]);
    await look(120_000, 7_200_000);
    expect((await history()).at(-1)).toEqual(['ClockStepped', expect.objectContaining({ byMs: 7_200_000 })]);
    expect(log.filter((line) => line.includes('the clock was set'))).toHaveLength(2);
  });

  it('that jumps to and fro is an event a minute at most, of what is left', async () => {
    await look();
    await look(5_000, 10_000);
    for (let i = 0; i < 10; i++) await look(5_000, i % 2 === 0 ? -10_000 : 10_000);
    expect((await types()).filter((type) => type === 'ClockStepped')).toHaveLength(1);
    await look(30_000, -4_000);
    expect((await history()).at(-1)).toEqual(['ClockStepped', expect.objectContaining({ byMs: -4_000 })]);
  });

  it('that is behind the newest event is an event at the start, once', async () => {
    newestAt = '2026-11-22T14:00:00.000Z';
    await look();
    await look(60_000);
    expect(await types()).toEqual(['ClockBehindHistory', 'TimeSynchronisationNoted']);
    expect((await history())[0]?.[1]).toMatchObject({ behindMs: 7_200_000, newestAt });
  });

  it('that follows no time server any more is an event once that was found twice', async () => {
    await look();
    synchronisation = ALONE;
    await look(60_000);
    expect(await types()).toEqual(['TimeSynchronisationNoted']);
    await look(60_000);
    await look(60_000);
    expect(await types()).toEqual(['TimeSynchronisationNoted', 'TimeSynchronisationLost']);
    expect(log.join('')).toContain('the clock follows no time server any more');
  });

  it('is looked at again when what was found could not be appended', async () => {
    await look();
    const append = store.append.bind(store);
    store.append = () => Promise.reject(new Error('the store is away'));
    await expect(look(5_000, 30_000)).rejects.toThrow('the store is away');
    store.append = append;
    await look(5_000);
    expect((await history()).at(-1)).toEqual(['ClockStepped', expect.objectContaining({ byMs: 30_000 })]);
  });
});
