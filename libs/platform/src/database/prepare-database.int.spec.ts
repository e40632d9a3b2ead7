import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { expect, it } from 'vitest';
import { emptyDatabase, type TestDatabase } from '#test/support/test-database';
import { MIGRATIONS } from './migrations.js';
import { prepareDatabase } from './prepare-database.js';

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** As a hosted PostgreSQL gives it: the database's owner may make roles, and is no superuser. */
async function ownedByNoSuperuser(database: TestDatabase): Promise<string> {
  const name = `owner_${randomBytes(6).toString('hex')}`;
  const url = new URL(database.ownerUrl);
  await query(url.href, `create role ${name} login createrole password 'test'`);
  await query(url.href, `alter database ${url.pathname.slice(1)} owner to ${name}`);
  // The roles exist in this cluster already, made by its superuser.
  await query(
    url.href,
    `grant holdfast_control, holdfast_worker, holdfast_projector, holdfast_proxy to ${name} with admin option`,
  );
  [url.username, url.password] = [name, 'test'];
  return url.href;
}

it('prepares once, whoever starts at the same time, and again without a change', async () => {
  const { ownerUrl, siteKey } = await emptyDatabase();
  await Promise.all(Array.from({ length: 4 }, () => prepareDatabase(ownerUrl, siteKey)));
  await prepareDatabase(ownerUrl, siteKey);
  expect(await query(ownerUrl, 'select name from holdfast.migration order by version')).toEqual(
    MIGRATIONS.map(({ name }) => ({ name })),
  );
  expect(await query(ownerUrl, 'select next_position from events.head')).toEqual([{ next_position: '0' }]);
});

it('needs no superuser', async () => {
  const database = await emptyDatabase();
  await prepareDatabase(await ownedByNoSuperuser(database), database.siteKey);
  expect(await query(database.url('projector'), 'create table read.t (a integer)')).toEqual([]);
  expect(await query(database.url('control'), 'select * from read.t')).toEqual([]);
});

it('leaves a database of a later release alone', async () => {
  const { ownerUrl, siteKey } = await emptyDatabase();
  await prepareDatabase(ownerUrl, siteKey);
  await query(ownerUrl, `insert into holdfast.migration (version, name) values (99, 'from-the-future')`);
  await expect(prepareDatabase(ownerUrl, siteKey)).rejects.toThrow(
    'the database was prepared by another release: it has migration 99 “from-the-future”',
  );
});
