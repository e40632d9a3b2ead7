import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { expect, it } from 'vitest';
import { testDatabase } from '#test/support/test-database';

const FORMAT = path.resolve(import.meta.dirname, '../../../../docs/reference/backup-format.md');

/** The schemas `read`, `read_blue` and `read_green` hold what the projector makes again from the events; nothing else may be there that a backup does not account for. */
it('accounts for every table of the database, in the reference', async () => {
  const client = new pg.Client({ connectionString: (await testDatabase()).ownerUrl });
  await client.connect();
  const { rows } = await client.query<{ table: string }>(
    `select schemaname || '.' || relname as "table" from pg_stat_user_tables where schemaname not in ('read', 'read_blue', 'read_green') order by 1`,
  );
  await client.end();
  const documented = [...(await readFile(FORMAT, 'utf8')).matchAll(/^\| `([a-z_]+\.[a-z_]+)`/gm)];
  expect(new Set(documented.map(([, table]) => table))).toEqual(new Set(rows.map(({ table }) => table)));
});
