import { beforeEach, describe, expect, it } from 'vitest';
import { CodedError, decodeEvent, StoppedClock } from '#kernel';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { StreamWriter } from '#platform/decide-and-append';
import { byPerson } from '#test/support/decider-specification';
import { changeRequest, changeRequestStream } from '../domain/change-request/change-request.js';
import type { OverrideItem } from '../domain/change-request/change-item.js';
import type { CapturePort, ItemToCapture } from './capture-submitted-change/capture-port.js';
import { captureReactor } from './capture-submitted-change/reactor.js';

class NotThere extends CodedError<'revision-not-found'> {
  override readonly name = 'NotThere';
}

const ID = 'CR-2026-0001';
const ARCHITECTURES = ['amd64', 'arm64', 'armhf', 'riscv64'];
const clock = new StoppedClock('2026-11-27T06:00:00.000Z');

/** A catalog in which a revision is for all architectures, that counts what it is asked, and what is under way. */
class CountingCatalog implements CapturePort {
  asked: string[] = [];
  underWay = 0;
  most = 0;

  constructor(private readonly fails: (item: ItemToCapture, asked: number) => Error | undefined) {}

  async capture(item: ItemToCapture) {
    const { format, name, channel, version } = item;
    this.asked.push(`${name} ${version}`);
    this.underWay += 1;
    this.most = Math.max(this.most, this.underWay);
    await new Promise(setImmediate);
    this.underWay -= 1;
    const failure = this.fails(item, this.asked.length);
    if (failure) throw failure;
    return ARCHITECTURES.map((architecture) => ({
      target: { format, subject: `id-of-${name}`, channel, architecture },
      name,
      version,
      manifest: version.padStart(64, '0'),
    }));
  }

  /** As much as there is room for, of every version. */
  compare(_format: string, _before: string | null, _after: string, room: number) {
    return Promise.resolve({ lines: [{ what: 'all', old: null, new: 'x'.repeat(room - 40) }], marks: [] });
  }

  mayMean(_format: string, asked: string, channel: string): boolean {
    return asked === channel;
  }

  identify(format: string, name: string) {
    return Promise.resolve({ format, subject: `id-of-${name}` });
  }
}

/** 500 snaps, each for four architectures. */
const wholeRing = Array.from({ length: 500 }, (_, i) => `snap-${i}`).flatMap((name) =>
  ARCHITECTURES.map((architecture): OverrideItem => {
    return { format: 'snap', name, channel: 'latest/stable', architecture, version: '7' };
  }),
);

let store: InMemoryEventStore;
let writer: StreamWriter;
beforeEach(async () => {
  store = new InMemoryEventStore();
  writer = new StreamWriter(store, 'Europe/Zurich');
  await writer.decideAndAppend(changeRequest, changeRequestStream(ID), {
    type: 'DraftChange',
    id: ID,
    ring: 'default',
    items: wholeRing,
    submit: true,
    context: byPerson('Ana', ['author']),
  });
});

async function work(capture: CapturePort): Promise<void> {
  const reactor = captureReactor({ writer, capture, clock });
  for await (const { events } of store.readAll(null))
    for (const { bytes } of events) await reactor.handle({ envelope: decodeEvent(bytes) });
}

const state = async () => (await writer.load(changeRequest, changeRequestStream(ID))).state;

describe('the capture of a whole ring', () => {
  it('asks for a revision once, of four snaps at a time', async () => {
    const catalog = new CountingCatalog(() => undefined);
    await work(catalog);
    expect(catalog.asked.toSorted()).toEqual(Array.from({ length: 500 }, (_, i) => `snap-${i} 7`).toSorted());
    expect(catalog.most).toBe(4);
    const captured = await state();
    if (captured.status !== 'captured') throw new Error(captured.status);
    const named = captured.changes.map((change) =>
      change.kind === undefined ? `${change.name} ${change.target.architecture}` : change.kind,
    );
    expect(named).toEqual(wholeRing.map(({ name, architecture }) => `${name} ${architecture}`));
  });

  it('that ends in the middle is done again, and reported once', async () => {
    const full = new CountingCatalog((_, asked) => (asked > 200 ? new Error('the disk is full') : undefined));
    await expect(work(full)).rejects.toThrow('the disk is full');
    expect(full.underWay).toBe(0);
    expect(full.asked.length).toBeLessThan(210);
    expect(await state()).toMatchObject({ status: 'submitted' });
    expect(await state()).not.toHaveProperty('capturing');
    await work(new CountingCatalog(() => undefined));
    await work(new CountingCatalog(() => new Error('nothing is left to capture')));
    expect(await state()).toMatchObject({ status: 'captured', changes: { length: 2_000 } });
    const appends = [];
    for await (const append of store.readAll(null)) appends.push(append);
    expect(appends).toHaveLength(2);
  });

  it('is given up after 20 failures: an upstream that is ill is not asked 2,000 times', async () => {
    const ill = new CountingCatalog(({ name }) => new NotThere('revision-not-found', `${name} is not there`));
    await work(ill);
    expect(ill.asked.length).toBeLessThan(20);
    const refused = await state();
    if (refused.status !== 'capture-refused') throw new Error(refused.status);
    expect(refused.failures).toHaveLength(20);
    expect(refused.failures.at(-1)?.message).toMatch(/ more items were not tried\)$/);
  });
});
