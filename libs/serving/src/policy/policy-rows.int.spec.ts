import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import { PolicyRows } from './policy-rows.js';

let database: TestDatabase;
let owner: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterAll(async () => owner.end());

it('finds a database reachable that answers, and takes no announcement', async () => {
  await owner.query('alter table readers.announcement rename to announcement_of_another_release');
  const reachable: boolean[] = [];
  let looks = 0;
  const rows = new PolicyRows(database.url('proxy'), {
    membership: () => undefined,
    membershipRow: () => Promise.resolve(),
    rings: () => ['default'],
    row: () => Promise.resolve(),
    read: () => Promise.resolve(),
    reachable: (is) => reachable.push(is),
    looked: () => Promise.resolve(void looks++),
  });
  rows.start();
  await vi.waitFor(() => expect(looks).toBeGreaterThanOrEqual(2), { timeout: 10_000 });
  await rows.stop();
  expect(reachable).toEqual([true]);
});
