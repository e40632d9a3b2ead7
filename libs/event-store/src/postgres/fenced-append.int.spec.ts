import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import { NO_STREAM, type EventToAppend } from '../port.js';
import type { Fence } from '../fence.js';
import { PostgresEventStore } from './postgres-event-store.js';

let database: TestDatabase;
let owner: pg.Pool;
let holder: pg.Client;
const stores: PostgresEventStore[] = [];

beforeAll(async () => {
  database = await testDatabase();
  owner = new pg.Pool({ connectionString: database.ownerUrl });
  holder = new pg.Client({ connectionString: database.url('worker') });
  await holder.connect();
});
afterAll(async () => {
  for (const store of stores) await store.close();
  await holder.end();
  await owner.end();
});

/** Its own session has the lock already, and begins one epoch after another. */
async function takeLease(): Promise<Fence> {
  const { rows } = await holder.query<{ name: string; epoch: string }>(
    'select name, epoch from holdfast.take_lease()',
  );
  return { name: rows[0]?.name ?? '', epoch: BigInt(rows[0]?.epoch ?? 0) };
}

function worker(fence: Fence): PostgresEventStore {
  const store = new PostgresEventStore(database.url('worker'), { fence });
  stores.push(store);
  return store;
}

function events(count = 1): EventToAppend[] {
  return Array.from({ length: count }, () => ({
    id: randomUUID(),
    type: 'Written',
    bytes: Buffer.from('{}'),
  }));
}

async function stored(): Promise<unknown[]> {
  return (await owner.query<{ position: string }>('select position from events.event')).rows;
}

it('appends under a fence that holds, and refuses what comes under an older one', async () => {
  const before = worker(await takeLease());
  await before.append('fenced/a', NO_STREAM, events(2));
  const after = worker(await takeLease());
  const refused = await Promise.allSettled([
    before.append('fenced/a', 1n, events()),
    before.append('fenced/b', NO_STREAM, events(3)),
  ]);
  expect(refused).toMatchObject([
    { reason: { name: 'EventStoreError', code: 'fenced-out' } },
    { reason: { name: 'EventStoreError', code: 'fenced-out' } },
  ]);
  expect(await stored()).toHaveLength(2);
  expect((await after.append('fenced/a', 1n, events())).cursor).toBe('2');
});

it('refuses a lease that was never taken', async () => {
  const store = worker({ name: 'holdfast_nobody', epoch: 1n });
  await expect(store.append('fenced/c', NO_STREAM, events())).rejects.toMatchObject({ code: 'fenced-out' });
});

it('appends without a fence, as control does, whoever holds what', async () => {
  const control = new PostgresEventStore(database.url('control'));
  stores.push(control);
  const { lastRevision } = await control.append('unfenced', NO_STREAM, events());
  expect(lastRevision).toBe(0n);
});

it('refuses a worker that names no lease', async () => {
  await takeLease();
  const unfenced = new PostgresEventStore(database.url('worker'));
  stores.push(unfenced);
  await expect(unfenced.append('fenced/e', NO_STREAM, events())).rejects.toMatchObject({
    code: 'fenced-out',
    message: expect.stringContaining('under the lease that it holds') as unknown,
  });
});

it('lets nobody take the lease over between the check and the commit', async () => {
  const fence = await takeLease();
  const writing = await owner.connect();
  await writing.query('begin');
  await writing.query(
    `select from events.append(array['fenced/d'], array[-1::bigint], array[1], array[gen_random_uuid()], array['Written'], array['{}'::bytea], $1, $2)`,
    [fence.name, String(fence.epoch)],
  );
  const taking = takeLease();
  await vi.waitFor(
    async () => {
      const { rows } = await owner.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%take_lease%'`,
      );
      expect(rows).toHaveLength(1);
    },
    { timeout: 20_000 },
  );
  await writing.query('commit');
  writing.release();
  expect((await taking).epoch).toBeGreaterThan(fence.epoch);
});
