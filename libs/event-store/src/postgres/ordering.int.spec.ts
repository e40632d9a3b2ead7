import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import type { StoredAppend } from '../port.js';
import { PostgresEventStore } from './postgres-event-store.js';

let database: TestDatabase;
let writers: pg.Pool;
let store: PostgresEventStore;

beforeAll(async () => {
  database = await testDatabase();
  writers = new pg.Pool({ connectionString: database.url('control'), max: 10 });
  store = new PostgresEventStore(database.url('projector'));
});
afterAll(async () => {
  await store.close();
  await writers.end();
});

/** Calls the function inside the connection's own transaction, and says which position it got. */
async function appendOn(client: pg.ClientBase, stream: string, expected: number): Promise<number> {
  const { rows } = await client.query<{ last_position: string }>(
    'select last_position from events.append(array[$1], array[$2::bigint], array[1], array[$3::uuid], array[$4], array[$5::bytea])',
    [stream, expected, randomUUID(), 'Written', Buffer.from('{}')],
  );
  return Number(rows[0]?.last_position);
}

async function inTransaction(
  work: (client: pg.PoolClient) => Promise<void>,
  end: 'commit' | 'rollback',
): Promise<void> {
  const client = await writers.connect();
  try {
    await client.query('begin');
    await work(client);
    await client.query(end);
  } finally {
    client.release();
  }
}

async function positions(): Promise<number[]> {
  const { rows } = await writers.query<{ position: string }>(
    'select position from events.event order by position',
  );
  return rows.map((row) => Number(row.position));
}

describe('positions', () => {
  it('are gapless and in commit order under 8 writers, some of which roll back', async () => {
    const got: StoredAppend[] = [];
    const following = store.subscribeAll(null, async (batch) => void got.push(...batch)).subscribe();
    const committed: number[] = [];
    await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        for (let n = 0; n < 50; n++) {
          const rollsBack = (n + writer) % 10 === 0;
          await inTransaction(
            async (client) => {
              const position = await appendOn(client, `stream/${randomUUID()}`, -1);
              if (n % 7 === 0) await client.query('select pg_sleep(0.001)');
              // Nobody else has the head's lock until this transaction ends, so this is the order of commits.
              if (!rollsBack) committed.push(position);
            },
            rollsBack ? 'rollback' : 'commit',
          );
        }
      }),
    );
    expect(committed).toEqual(Array.from(committed.keys()));
    expect(await positions()).toEqual(committed);
    await vi.waitFor(() => expect(got).toHaveLength(committed.length), { timeout: 20_000 });
    expect(got.map((append) => append.cursor)).toEqual(committed.map(String));
    following.unsubscribe();
  });

  it('let no reader overtake a slow writer', async () => {
    const before = (await positions()).at(-1) ?? -1;
    const slow = await writers.connect();
    await slow.query('begin');
    const first = await appendOn(slow, `slow/${randomUUID()}`, -1);
    const quick = inTransaction(
      async (client) => void (await appendOn(client, `quick/${randomUUID()}`, -1)),
      'commit',
    );
    await vi.waitFor(async () => expect(await waitingForTheHead()).toBe(1), { timeout: 10_000 });
    const seen: string[] = [];
    for await (const append of store.readAll(String(before))) seen.push(append.cursor);
    expect(seen).toEqual([]);
    await slow.query('commit');
    slow.release();
    await quick;
    for await (const append of store.readAll(String(before))) seen.push(append.cursor);
    expect(seen).toEqual([first, first + 1].map(String));
  });

  it('check the expected revision against what the previous writer committed, not against the past', async () => {
    const stream = `contested/${randomUUID()}`;
    const slow = await writers.connect();
    await slow.query('begin');
    await appendOn(slow, stream, -1);
    let waited: number | undefined;
    const waiter = inTransaction(
      async (client) => void (waited = await appendOn(client, stream, 0)),
      'commit',
    );
    await vi.waitFor(async () => expect(await waitingForTheHead()).toBe(1), { timeout: 10_000 });
    await slow.query('commit');
    slow.release();
    await waiter;
    expect(waited).toBe((await positions()).at(-1));
  });

  it('refuse to be taken on an old snapshot', async () => {
    const client = await writers.connect();
    await client.query('begin isolation level repeatable read');
    await expect(appendOn(client, 'stream', -1)).rejects.toThrow('read committed');
    await client.query('rollback');
    client.release();
  });

  async function waitingForTheHead(): Promise<number> {
    const { rows } = await writers.query<{ count: number }>(
      `select count(*)::integer as count from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like '%events.append%'`,
    );
    return rows[0]?.count ?? 0;
  }
});

describe('a hole in the positions', () => {
  it('is not read over', async () => {
    const other = await testDatabase();
    const reader = new PostgresEventStore(other.url('projector'));
    const writer = new PostgresEventStore(other.url('control'));
    for (let n = 0; n < 3; n++) {
      await writer.append(`stream/${n}`, -1n, [
        { id: randomUUID(), type: 'Written', bytes: Buffer.from('{}') },
      ]);
    }
    const superuser = new pg.Client({ connectionString: other.ownerUrl });
    await superuser.connect();
    await superuser.query(
      'alter table events.event disable trigger append_only; delete from events.event where position = 1',
    );
    await superuser.end();
    await expect(drain(reader.readAll(null))).rejects.toThrow('position 1 is missing');
    await Promise.all([reader.close(), writer.close()]);
  });

  async function drain(read: AsyncIterable<unknown>): Promise<void> {
    const iterator = read[Symbol.asyncIterator]();
    while (!(await iterator.next()).done);
  }
});
