import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import { NO_STREAM, type EventToAppend } from '../port.js';
import { EVENTS_CHANNEL } from './append-function.js';
import { PostgresEventStore } from './postgres-event-store.js';

let database: TestDatabase;
let store: PostgresEventStore;
let listener: pg.Client;
/** One of each call that wrote something. */
const notifications: string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  store = new PostgresEventStore(database.url('control'));
  listener = new pg.Client({ connectionString: database.url('projector') });
  await listener.connect();
  listener.on('notification', ({ payload = '' }) => notifications.push(payload));
  await listener.query(`listen ${EVENTS_CHANNEL}`);
});
afterAll(async () => {
  await store.close();
  await listener.end();
});

function events(count = 1, type = 'Written'): EventToAppend[] {
  return Array.from({ length: count }, () => ({ id: randomUUID(), type, bytes: Buffer.from('{"n":1}') }));
}

async function calls(work: () => Promise<unknown>): Promise<number> {
  // Notifications come before the answer to whatever the listener asks next.
  await listener.query('select 1');
  const before = notifications.length;
  await work();
  await listener.query('select 1');
  return notifications.length - before;
}

describe('appends of one process', () => {
  it('that are made at once go as one call, and each has its own place', async () => {
    const sizes = [1, 3, 2, 40, 1];
    let cursors: string[] = [];
    const made = await calls(async () => {
      const results = await Promise.all(
        sizes.map((size, i) => store.append(`at-once/${i}`, NO_STREAM, events(size))),
      );
      expect(results.map(({ lastRevision }) => Number(lastRevision) + 1)).toEqual(sizes);
      cursors = results.map(({ cursor }) => cursor);
    });
    expect(made).toBe(1);
    expect(cursors).toEqual(['0', '3', '5', '45', '46']);
  });

  it('that conflict spoil no others', async () => {
    await store.append('conflict/taken', NO_STREAM, events());
    const taken = events();
    await store.append('conflict/ids', NO_STREAM, taken);
    const outcomes = await Promise.allSettled([
      store.append('conflict/a', NO_STREAM, events()),
      store.append('conflict/taken', NO_STREAM, events()),
      store.append('conflict/b', NO_STREAM, events(2)),
      store.append('conflict/b', 4n, events()),
      store.append('conflict/c', NO_STREAM, taken),
      // What PostgreSQL's text cannot hold.
      store.append('conflict/d', NO_STREAM, events(1, 'Writ\u0000ten')),
      store.append('conflict/e', NO_STREAM, events()),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'fulfilled' },
      { reason: { code: 'wrong-expected-revision', message: 'conflict/taken is at 0, not at -1' } },
      { status: 'fulfilled', value: { lastRevision: 1n } },
      { reason: { code: 'wrong-expected-revision' } },
      { reason: { message: expect.stringContaining('already stored') as unknown } },
      { reason: { message: expect.stringContaining('invalid byte sequence') as unknown } },
      { status: 'fulfilled' },
    ]);
  });

  it('to one stream follow each other without waiting for the answer', async () => {
    const revisions = [-1n, 0n, 1n, 2n, 3n];
    const made = await calls(() =>
      Promise.all(revisions.map((revision) => store.append('followed', revision, events()))),
    );
    expect(made).toBe(1);
  });

  it('fill the positions without a gap, whatever some of them do', async () => {
    await Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        for (let n = 0; n < 40; n++) {
          const stream = n % 3 === 0 ? 'shared' : `own/${randomUUID()}`;
          await store.append(stream, NO_STREAM, events(1 + ((n + writer) % 4))).catch(() => undefined);
        }
      }),
    );
    const { rows } = await listener.query<{ gapless: boolean; count: string; revisions: boolean }>(
      `select max(position) + 1 = count(*) and count(*) = (select next_position from events.head) as gapless, count(*),
         (select bool_and(n = newest + 1) from (select count(*) n, max(stream_revision) newest from events.event group by stream)) as revisions
       from events.event`,
    );
    expect(rows).toEqual([{ gapless: true, revisions: true, count: expect.any(String) as unknown }]);
  });

  it('are all answered before the store is closed', async () => {
    const closing = new PostgresEventStore(database.url('control'));
    const appends = Array.from({ length: 20 }, () =>
      closing.append(`closed/${randomUUID()}`, NO_STREAM, events()),
    );
    await closing.close();
    expect(await Promise.all(appends)).toHaveLength(20);
  });
});
