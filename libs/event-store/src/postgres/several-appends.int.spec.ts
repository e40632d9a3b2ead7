import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import type { EventToAppend } from '../port.js';
import { appendAll } from './appending.js';
import { EVENTS_CHANNEL } from './append-function.js';

let database: TestDatabase;
let pool: pg.Pool;
let listener: pg.Client;
const notifications: string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url('control') });
  listener = new pg.Client({ connectionString: database.url('projector') });
  await listener.connect();
  listener.on('notification', ({ payload = '' }) => notifications.push(payload));
  await listener.query(`listen ${EVENTS_CHANNEL}`);
});
afterAll(async () => {
  await listener.end();
  await pool.end();
});

function events(count: number): EventToAppend[] {
  return Array.from({ length: count }, () => ({
    id: randomUUID(),
    type: 'Written',
    bytes: Buffer.from('{"n":1}'),
  }));
}

/** Where the next event goes. */
async function headPosition(): Promise<bigint> {
  const { rows } = await pool.query<{ next: string }>('select max(position) + 1 as next from events.event');
  return BigInt(rows[0]?.next ?? 0);
}

it('answers each append of one call for itself, and notifies once', async () => {
  const repeated = { stream: 'a', expected: -1n, events: events(2) };
  await appendAll(pool, [repeated]);
  const [first] = repeated.events;
  const results = await appendAll(pool, [
    { stream: 'b', expected: -1n, events: events(3) },
    { stream: 'b', expected: -1n, events: events(1) },
    { stream: 'b', expected: 2n, events: events(1) },
    repeated,
    { stream: 'c', expected: -1n, events: first ? [first] : [] },
    { stream: 'c', expected: -1n, events: events(1) },
  ]);
  expect(results).toEqual([
    { cursor: '4', lastRevision: 2n },
    expect.objectContaining({ code: 'wrong-expected-revision', message: 'b is at 2, not at -1' }),
    { cursor: '5', lastRevision: 3n },
    { cursor: '1', lastRevision: 1n },
    expect.objectContaining({
      message: expect.stringContaining('has the id of an event that is already stored') as unknown,
    }),
    { cursor: '6', lastRevision: 0n },
  ]);
  const { rows } = await pool.query('select position from events.event order by position');
  expect(rows).toHaveLength(7);
  // Notifications come before the answer to whatever the listener asks next.
  await listener.query('select 1');
  expect(notifications).toEqual(['1', '6']);
});

it('writes what fits of a call whose appends have nothing to do with each other', async () => {
  const repeated = { stream: 'p', expected: -1n, events: events(2) };
  const taken = events(1);
  await appendAll(pool, [repeated, { stream: 'q', expected: -1n, events: taken }]);
  const head = await headPosition();
  const results = await appendAll(pool, [
    { stream: 'q', expected: -1n, events: events(1) },
    { stream: 'r', expected: -1n, events: events(2) },
    { stream: 's', expected: -1n, events: [...events(1), ...taken] },
    repeated,
    { stream: 't', expected: -1n, events: events(1) },
    { stream: 'u', expected: 0n, events: events(1) },
  ]);
  expect(results).toEqual([
    expect.objectContaining({ code: 'wrong-expected-revision', message: 'q is at 0, not at -1' }),
    { cursor: String(head + 1n), lastRevision: 1n },
    expect.objectContaining({
      message: expect.stringContaining('has the id of an event that is already stored') as unknown,
    }),
    { cursor: String(head - 2n), lastRevision: 1n },
    { cursor: String(head + 2n), lastRevision: 0n },
    expect.objectContaining({ code: 'wrong-expected-revision', message: 'u is at -1, not at 0' }),
  ]);
  expect(await headPosition()).toBe(head + 3n);
  const { rows } = await pool.query(
    'select position, stream, stream_revision, append_first from events.event where position >= $1 order by position',
    [String(head)],
  );
  expect(rows).toEqual([
    { position: String(head), stream: 'r', stream_revision: '0', append_first: String(head) },
    { position: String(head + 1n), stream: 'r', stream_revision: '1', append_first: String(head) },
    { position: String(head + 2n), stream: 't', stream_revision: '0', append_first: String(head + 2n) },
  ]);
});

it('takes an event with the id of one that the same call wrote for another one', async () => {
  const [first] = events(1);
  if (!first) throw new Error('there is one');
  const other = { ...first, bytes: Buffer.from('{"n":2}') };
  const results = await appendAll(pool, [
    { stream: 'v', expected: -1n, events: [first] },
    { stream: 'v', expected: -1n, events: [other] },
    { stream: 'w', expected: -1n, events: [other] },
    { stream: 'v', expected: -1n, events: [first] },
  ]);
  expect(results.map((each) => (each instanceof Error ? each.message : each.lastRevision))).toEqual([
    0n,
    'v is at 0, not at -1',
    expect.stringContaining('has the id of an event that is already stored'),
    0n,
  ]);
});

it('shows what the bytes say, for queries', async () => {
  const unfit = { id: randomUUID(), type: 'Written', bytes: Buffer.from('{"a":"\\u0000"}') };
  await appendAll(pool, [{ stream: 'd', expected: -1n, events: [...events(1), unfit] }]);
  // As the owner: what servers may read is the bytes.
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const { rows } = await owner.query(`select body from events.readable where stream = 'd' order by position`);
  await owner.end();
  expect(rows).toEqual([{ body: { n: 1 } }, { body: null }]);
});
