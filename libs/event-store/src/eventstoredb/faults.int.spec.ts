import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_STREAM, type EventStore, type EventToAppend, type StoredAppend } from '../port.js';
import { EventStoreDbEventStore, type EventStoreDbOptions } from './eventstoredb-event-store.js';
import { InProcessEventStoreDb } from './testing/in-process-eventstoredb.js';

let server: InProcessEventStoreDb;
const opened: EventStore[] = [];

function open(options: EventStoreDbOptions = {}, url = server.url): EventStoreDbEventStore {
  const store = new EventStoreDbEventStore(url, { pollMs: 50, reconnectMs: 20_000, ...options });
  opened.push(store);
  return store;
}

beforeEach(async () => {
  server = await InProcessEventStoreDb.started();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  server.stop();
});

function event(bytes = '{}'): EventToAppend {
  return { id: randomUUID(), type: 'Written', bytes: Buffer.from(bytes) };
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const read: Item[] = [];
  for await (const item of items) read.push(item);
  return read;
}

function followed(store: EventStore): { got: StoredAppend[]; failed: Promise<unknown>; stop: () => void } {
  const got: StoredAppend[] = [];
  let stop = (): void => undefined;
  const failed = new Promise<unknown>((resolve) => {
    const following = store
      .subscribeAll(null, async (batch) => void got.push(...batch))
      .subscribe({ error: resolve });
    stop = () => following.unsubscribe();
  });
  return { got, failed, stop };
}

describe('a silent server', () => {
  it('leaves an append with an unknown outcome, which may be repeated', async () => {
    const store = open({ timeoutMs: 150 });
    const events = [event(), event()];
    server.faults.silent = true;
    await expect(store.append('s', NO_STREAM, events)).rejects.toMatchObject({ code: 'outcome-unknown' });
    server.faults.silent = false;
    expect((await store.append('s', NO_STREAM, events)).lastRevision).toBe(1n);
    expect(server.log.stream('s')).toHaveLength(2);
  });

  it('makes no read wait for ever', async () => {
    const store = open({ timeoutMs: 150 });
    server.faults.silent = true;
    await expect(all(store.readAll(null))).rejects.toMatchObject({ code: 'unavailable' });
    await expect(all(store.readStream('s'))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('ends a subscription when it outlasts its patience, and does not before', async () => {
    server.faults.silent = true;
    const impatient = followed(open({ timeoutMs: 50, reconnectMs: 100 }));
    const patient = followed(open({ timeoutMs: 50 }));
    expect(await impatient.failed).toMatchObject({ code: 'unavailable' });
    server.faults.silent = false;
    await open().append('s', NO_STREAM, [event()]);
    await vi.waitFor(() => expect(patient.got).toHaveLength(1), { timeout: 20_000 });
    patient.stop();
  });
});

describe('an append whose answer is lost', () => {
  it.each(['cutAfterWrite', 'silentAfterWrite'] as const)(
    'is sent again, and written once (%s)',
    async (fault) => {
      const store = open({ timeoutMs: 500 });
      await store.append('s', NO_STREAM, [event()]);
      const events = [event('{"n":1}'), event('{"n":2}')];
      server.faults[fault] = 1;
      const appended = await store.append('s', 0n, events);
      expect(server.faults[fault]).toBe(0);
      expect(appended.lastRevision).toBe(2n);
      expect(server.log.stream('s')).toHaveLength(3);
      expect((await all(store.readAll(null))).at(-1)?.cursor).toBe(appended.cursor);
    },
  );

  it('spoils no other append of the same process', async () => {
    const [store, another] = [open({ timeoutMs: 500 }), open()];
    server.faults.silentAfterWrite = 1;
    const lost = store.append('a', NO_STREAM, [event()]);
    await vi.waitFor(() => expect(server.faults.silentAfterWrite).toBe(0), { interval: 1 });
    await Promise.all(Array.from({ length: 8 }, (_, n) => another.append(`b${n}`, NO_STREAM, [event()])));
    expect((await lost).lastRevision).toBe(0n);
  });
});

describe('a repetition', () => {
  it('that has the ids and not the bytes of what is there is a conflict', async () => {
    const store = open();
    const [first, second] = [event('{"n":1}'), event('{"n":2}')];
    await store.append('s', NO_STREAM, [first, second]);
    const conflict = { code: 'wrong-expected-revision' };
    await expect(
      store.append('s', NO_STREAM, [{ ...first, bytes: Buffer.from('{}') }, second]),
    ).rejects.toMatchObject(conflict);
    await expect(store.append('s', NO_STREAM, [{ ...first, type: 'Said' }, second])).rejects.toMatchObject(
      conflict,
    );
    await expect(store.append('s', NO_STREAM, [first])).rejects.toMatchObject(conflict);
    await expect(store.append('s', 0n, [second])).rejects.toMatchObject(conflict);
  });
});

describe('without its server', () => {
  it('has nothing written, and says so; works again when the server does', async () => {
    const store = open();
    await store.append('s', NO_STREAM, [event()]);
    server.stop();
    const code: unknown = expect.stringMatching(/^(unavailable|outcome-unknown)$/);
    await expect(store.append('s', 0n, [event()])).rejects.toMatchObject({ code });
    await expect(store.append('s', 0n, [event()])).rejects.toMatchObject({ code: 'unavailable' });
    await expect(all(store.readAll(null))).rejects.toMatchObject({ code: 'unavailable' });
    await server.start();
    await vi.waitFor(async () => expect((await store.append('s', 0n, [event()])).lastRevision).toBe(1n), {
      timeout: 20_000,
    });
  });

  it('is no worse off with a server that is starting', async () => {
    const store = open();
    server.faults.unavailable = true;
    await expect(store.append('s', NO_STREAM, [event()])).rejects.toMatchObject({ code: 'unavailable' });
    await expect(all(store.readStream('s'))).rejects.toMatchObject({ code: 'unavailable' });
    server.faults.unavailable = false;
    expect((await store.append('s', NO_STREAM, [event()])).lastRevision).toBe(0n);
  });

  it('skips and repeats nothing that was appended around outages', async () => {
    const following = followed(open());
    const written: string[] = [];
    const writer = open();
    for (let n = 0; n < 5; n++) {
      written.push((await writer.append(`s${n}`, NO_STREAM, [event(), event()])).cursor);
      server.stop();
      await server.start();
      // The connection is made anew by the call after the one that found it cut: that one is retried by the writer.
      written.push((await writer.append(`t${n}`, NO_STREAM, [event()])).cursor);
    }
    await vi.waitFor(() => expect(following.got.map(({ cursor }) => cursor)).toEqual(written), {
      timeout: 30_000,
    });
    following.stop();
  });
});

describe('a follower', () => {
  it('sends us to the leader, for appends and for reads', async () => {
    const leader = await InProcessEventStoreDb.started(server.log);
    server.faults.leader = leader.address;
    const store = open();
    const { cursor } = await store.append('s', NO_STREAM, [event()]);
    expect((await all(store.readAll(null))).map((append) => append.cursor)).toEqual([cursor]);
    const reader = open();
    await vi.waitFor(async () => expect(await all(reader.readStream('s'))).toHaveLength(1), {
      timeout: 20_000,
    });
    await store.close();
    await reader.close();
    leader.stop();
  });
});

describe('a subscription that the server drops', () => {
  it('is made anew, and skips and repeats nothing', async () => {
    const following = followed(open({ pollMs: 600_000 }));
    const writer = open();
    const written: string[] = [];
    for (let n = 0; n < 3; n++) {
      await vi.waitFor(() => expect(server.subscriptions).toBe(1), { timeout: 20_000 });
      written.push((await writer.append(`s${n}`, NO_STREAM, [event(), event()])).cursor);
      // Only the subscription can tell: the reader would ask again in ten minutes.
      await vi.waitFor(() => expect(following.got.map(({ cursor }) => cursor)).toEqual(written), {
        timeout: 20_000,
      });
      expect(server.dropSubscriptions()).toBe(1);
    }
    following.stop();
  });
});

describe('what lasts', () => {
  it('is said at once: a user who is no administrator', async () => {
    const store = open();
    server.faults.denied = true;
    await expect(store.append('s', NO_STREAM, [event()])).rejects.toThrow(/must be an administrator/);
    await expect(all(store.readAll(null))).rejects.toThrow(/must be an administrator/);
    expect(await followed(store).failed).toMatchObject({
      message: expect.stringContaining('must be an administrator') as unknown,
    });
  });

  it('is said at once: a server whose own limit is smaller than ours', async () => {
    server.faults.maxAppendBytes = 1_000;
    await expect(open().append('s', NO_STREAM, [event('x'.repeat(990))])).rejects.toMatchObject({
      code: 'append-too-large',
      message: expect.stringContaining('MaxAppendSize=12582912') as unknown,
    });
  });

  it("is said at once: events that are somebody else's", async () => {
    const foreign = { ...event(), contentType: 'application/json', data: Buffer.from('{}') };
    server.log.append('theirs', 'any', [{ ...foreign, metadata: new Uint8Array() }]);
    await expect(all(open().readAll(null))).rejects.toThrow(/was not written by Holdfast/);
  });

  it('is said at once: events that are missing', async () => {
    const store = open();
    await store.append('s', NO_STREAM, [event(), event(), event()]);
    server.log.records.splice(1, 1);
    await expect(all(store.readAll(null))).rejects.toThrow(/an event is missing/);
  });

  it("is said at once: a name of the server's own", async () => {
    await expect(open().append('$s', NO_STREAM, [event()])).rejects.toThrow(RangeError);
    await expect(open().append('s', NO_STREAM, [{ ...event(), type: '$x' }])).rejects.toThrow(RangeError);
  });
});
