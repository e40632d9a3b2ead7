import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testDatabase } from '#test/support/test-database';
import { compareTable } from './compare-table.js';

let client: pg.Client;
beforeEach(async () => {
  const database = await testDatabase();
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  await client.query('begin');
});
afterEach(() => client.end());

async function compared(collation: string) {
  await client.query(`
    create temporary table kept (name text collate "${collation}" primary key, n integer);
    create temporary table live (like kept);
    insert into kept values ('alpha', 1), ('Zeta', 2), ('\u00e4', 3);
    insert into live select * from kept`);
  const verdict = await compareTable(client, 'kept', 'pg_temp.live');
  await client.query('drop table kept, live');
  return verdict;
}

it('gives a digest that does not depend on how the database sorts text', async () => {
  const verdict = await compared('C');
  expect(verdict).toMatchObject({ differences: 0, first: null });
  expect(await compared('und-x-icu')).toEqual(verdict);
});
