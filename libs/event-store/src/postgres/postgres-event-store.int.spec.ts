import { testDatabase } from '#test/support/test-database';
import { testEventStore } from '../contract/event-store.contract.js';
import { PostgresEventStore } from './postgres-event-store.js';

testEventStore(
  'PostgresEventStore',
  async () => new PostgresEventStore((await testDatabase()).url('control')),
);

testEventStore('PostgresEventStore that hears of no append', async () => {
  const [database, another] = [await testDatabase(), await testDatabase()];
  return new PostgresEventStore(database.url('control'), { listenUrl: another.url('control'), pollMs: 20 });
});
