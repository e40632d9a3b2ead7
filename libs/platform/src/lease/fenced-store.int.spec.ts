import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { uuidv7 } from '#kernel';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { NO_STREAM, type Appended, type EventToAppend } from '#event-store/port';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import { FencedStore } from './fenced-store.js';
import { Lease } from './lease.js';

let database: TestDatabase;
let owner: pg.Pool;
beforeAll(async () => {
  database = await testDatabase();
  owner = new pg.Pool({ connectionString: database.ownerUrl });
});
afterAll(() => owner.end());

function someEvents(): EventToAppend[] {
  return [{ id: uuidv7(), type: 'Tried', bytes: Buffer.from('{}') }];
}

async function waiting(): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(
    `select count(*)::integer from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and query like '%take_lease%'`,
  );
  return rows[0]?.count ?? 0;
}

/** Takes its time, until it is let go. */
class SlowStore extends InMemoryEventStore {
  letGo: () => void = () => undefined;
  began = false;

  override async append(
    stream: string,
    expected: bigint,
    events: readonly EventToAppend[],
  ): Promise<Appended> {
    this.began = true;
    await new Promise<void>((resolve) => (this.letGo = resolve));
    return super.append(stream, expected, events);
  }
}

it('makes a take-over wait for the append that is under way, and refuses what comes after', async () => {
  const url = database.url('worker');
  const [first, second] = [new Lease(url, () => undefined), new Lease(url, () => undefined)];
  const inner = new SlowStore();
  const store = new FencedStore(inner, url, await first.acquire());
  const appending = store.append('tried', NO_STREAM, someEvents());
  await vi.waitFor(() => expect(inner.began).toBe(true));
  // As if the server had lost sight of the holder, which goes on without knowing.
  await owner.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and usename = 'holdfast_worker' and query like '%take_lease%'`,
  );
  const acquiring = second.acquire();
  await vi.waitFor(async () => expect(await waiting()).toBe(1), { timeout: 20_000 });
  inner.letGo();
  expect((await appending).lastRevision).toBe(0n);
  await acquiring;
  await expect(store.append('tried', 0n, someEvents())).rejects.toMatchObject({
    name: 'EventStoreError',
    code: 'fenced-out',
  });
  await store.close();
  await first.release();
  await second.release();
});

it('keeps nobody waiting for ever for an append that stands still', async () => {
  const url = database.url('worker');
  const [first, second] = [new Lease(url, () => undefined), new Lease(url, () => undefined)];
  const inner = new SlowStore();
  const store = new FencedStore(inner, url, await first.acquire(), 300);
  const appending = store.append('still', NO_STREAM, someEvents());
  await vi.waitFor(() => expect(inner.began).toBe(true));
  await first.release();
  expect((await second.acquire()).epoch).toBeGreaterThan(first.fence.epoch);
  inner.letGo();
  await appending;
  await store.close();
  await second.release();
});

it('appends for the holder, several at once', async () => {
  const url = database.url('worker');
  const lease = new Lease(url, () => undefined);
  const store = new FencedStore(new InMemoryEventStore(), url, await lease.acquire());
  const all = Array.from({ length: 12 }, (_, n) => store.append(`tried/${n}`, NO_STREAM, someEvents()));
  expect((await Promise.all(all)).map(({ lastRevision }) => lastRevision)).toEqual(all.map(() => 0n));
  await store.close();
  await lease.release();
});
