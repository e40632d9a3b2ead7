import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase } from '#test/support/test-database';
import { PostgresEventStore } from './postgres-event-store.js';

let store: PostgresEventStore;
beforeAll(async () => {
  store = new PostgresEventStore((await testDatabase()).url('control'));
});
afterAll(() => store.close());

it('appends and reads', async () => {
  const events = [{ id: randomUUID(), type: 'T', bytes: Buffer.from('{"a":1}') }];
  const appended = await store.append('a', -1n, events);
  expect(await store.append('a', -1n, events)).toEqual(appended);
  const cursors = [];
  for await (const append of store.readAll(null)) cursors.push(append.cursor);
  expect(cursors).toEqual([appended.cursor]);
});
