import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import { NO_STREAM, type EventToAppend, type StoredAppend } from '../port.js';
import { PostgresEventStore } from './postgres-event-store.js';

/** Stands between the store and PostgreSQL, and can be taken away. */
class Wire {
  /** 'deaf': what the server answers gets lost. */
  mode: 'open' | 'deaf' | 'cut-on-answer' = 'open';
  /** How often PostgreSQL's answers were lost by cutting. */
  cuts = 0;
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  constructor(private readonly target: URL) {}

  async open(): Promise<void> {
    this.server = createServer((near) => {
      const far = connect(Number(this.target.port), this.target.hostname);
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => other.destroy());
      }
      near.on('data', (data) => far.write(data));
      far.on('data', (data) => this.answer(near, data));
    }).listen(this.port, this.target.hostname);
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async cut(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (this.server?.listening) await new Promise((resolve) => this.server?.close(resolve));
  }

  url(from: string): string {
    const url = new URL(from);
    url.port = String(this.port);
    return url.href;
  }

  private answer(near: Socket, data: Buffer): void {
    switch (this.mode) {
      case 'open':
        near.write(data);
        return;
      case 'deaf':
        return;
      case 'cut-on-answer':
        this.cuts += 1;
        near.destroy();
    }
  }
}

let database: TestDatabase;
let wire: Wire;
let direct: PostgresEventStore;
let store: PostgresEventStore;

beforeAll(async () => {
  database = await testDatabase();
});
beforeEach(async () => {
  wire = new Wire(new URL(database.ownerUrl));
  await wire.open();
  direct = new PostgresEventStore(database.url('control'));
  store = new PostgresEventStore(wire.url(database.url('control')), { pollMs: 100, reconnectMs: 20_000 });
});
afterEach(async () => {
  await wire.cut();
  await Promise.all([store.close(), direct.close()]);
});

function event(): EventToAppend {
  return { id: randomUUID(), type: 'Written', bytes: Buffer.from('{}') };
}

async function end(): Promise<string | null> {
  let cursor: string | null = null;
  for await (const append of direct.readAll(null)) cursor = append.cursor;
  return cursor;
}

async function read(reading: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  const items = reading[Symbol.asyncIterator]();
  while (!(await items.next()).done) count += 1;
  return count;
}

describe('without its server', () => {
  it('has nothing written, and says so', async () => {
    await wire.cut();
    await expect(store.append('s', NO_STREAM, [event()])).rejects.toMatchObject({ code: 'unavailable' });
    await expect(read(store.readAll(null))).rejects.toMatchObject({ code: 'unavailable' });
    await expect(read(store.readStream('s'))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('works again as soon as the server does', async () => {
    const stream = randomUUID();
    await store.append(stream, NO_STREAM, [event()]);
    await wire.cut();
    // The idle connection may take the append before it notices: then nobody knows.
    const code: unknown = expect.stringMatching(/^(unavailable|outcome-unknown)$/);
    await expect(store.append(stream, 0n, [event()])).rejects.toMatchObject({ code });
    await wire.open();
    expect((await store.append(stream, 0n, [event()])).lastRevision).toBe(1n);
  });
});

describe('an append whose answer is lost', () => {
  it('is sent again, and written once', async () => {
    const stream = randomUUID();
    // So that the connection is made, and the next answer is the append's.
    await store.append(randomUUID(), NO_STREAM, [event()]);
    wire.mode = 'cut-on-answer';
    const appending = store.append(stream, NO_STREAM, [event()]);
    await vi.waitFor(() => expect(wire.cuts).toBe(1), { interval: 1 });
    wire.mode = 'open';
    expect((await appending).lastRevision).toBe(0n);
    expect(await read(direct.readStream(stream))).toBe(1);
  });

  it('has an unknown outcome when no answer ever comes, and may be repeated', async () => {
    const impatient = new PostgresEventStore(wire.url(database.url('control')), { timeoutMs: 300 });
    const [stream, events] = [randomUUID(), [event()]];
    await impatient.append(randomUUID(), NO_STREAM, [event()]);
    wire.mode = 'deaf';
    await expect(impatient.append(stream, NO_STREAM, events)).rejects.toMatchObject({
      code: 'outcome-unknown',
    });
    wire.mode = 'open';
    expect((await impatient.append(stream, NO_STREAM, events)).lastRevision).toBe(0n);
    expect(await read(direct.readStream(stream))).toBe(1);
    await impatient.close();
  });
});

describe('a subscription', () => {
  it('outlives an outage, and skips and repeats nothing', async () => {
    const got: StoredAppend[] = [];
    const before = await end();
    const following = store.subscribeAll(before, async (batch) => void got.push(...batch)).subscribe();
    const written: string[] = [];
    const write = async (): Promise<void> =>
      void written.push((await direct.append(randomUUID(), NO_STREAM, [event()])).cursor);
    await write();
    await vi.waitFor(() => expect(got).toHaveLength(1), { timeout: 10_000 });
    await wire.cut();
    await write();
    await write();
    await wire.open();
    await vi.waitFor(() => expect(got).toHaveLength(3), { timeout: 20_000 });
    await write();
    await vi.waitFor(() => expect(got).toHaveLength(4), { timeout: 10_000 });
    expect(got.map((append) => append.cursor)).toEqual(written);
    following.unsubscribe();
  });

  it('ends with an error when the outage outlasts its patience', async () => {
    const impatient = new PostgresEventStore(wire.url(database.url('control')), {
      pollMs: 20,
      reconnectMs: 300,
    });
    await wire.cut();
    await expect(
      new Promise((resolve, reject) =>
        impatient
          .subscribeAll(null, async () => undefined)
          .subscribe({ error: reject, complete: () => resolve(null) }),
      ),
    ).rejects.toMatchObject({ code: 'unavailable' });
    await impatient.close();
  });
});
