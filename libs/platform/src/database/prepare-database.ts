import pg from 'pg';
import { GRANTS } from './grants.js';
import { MIGRATIONS } from './migrations.js';
import { DATABASE_ROLES, roleName, roleVerifier } from './role-url.js';

/** Held while preparing: two hosts may start at once. Any number that nobody else uses. */
const LOCK = 7_465_017_310_622_001n;

/**
 * Makes, or brings up to date, the roles, schemas and tables of a database. `ownerUrl` must own the database and be allowed to create
 * roles; `siteKey`, 32 bytes, is what the roles' passwords derive from. Running it again changes nothing.
 * @throws Error when the database was prepared by a later release; pg.DatabaseError
 */
export async function prepareDatabase(ownerUrl: string, siteKey: Uint8Array): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  // A connection that breaks fails the query; unheard, its event would end the process as well.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(${LOCK})`);
    for (const role of DATABASE_ROLES) {
      await repeatWhileOthersChangeRoles(() => makeRole(client, roleName(role), roleVerifier(role, siteKey)));
    }
    await migrate(client);
  } finally {
    await client.end();
  }
}

async function makeRole(client: pg.Client, name: string, verifier: string): Promise<void> {
  const { rows } = await client.query<{ superuser: boolean }>(
    'select rolsuper as superuser from pg_roles where rolname = current_user',
  );
  const found = await client.query('select from pg_roles where rolname = $1', [name]);
  if (found.rowCount === 0) await client.query(`create role ${name}`);
  await client.query(`alter role ${name} login password '${verifier}'`);
  // An append that was acknowledged is on disk, whatever the database's own default is.
  await client.query(`alter role ${name} set synchronous_commit = on`);
  // Making a schema for another role takes membership in it, unless one is superuser.
  if (!rows[0]?.superuser) await client.query(`grant ${name} to current_user`);
}

const ROLE_ATTEMPTS = 20;

/** Roles belong to the whole server, the lock to one database: a second site on the same server may be preparing too. */
async function repeatWhileOthersChangeRoles(change: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await change();
    } catch (error) {
      // XX000: tuple concurrently updated; 23505 and 42710: somebody just made it.
      const meanwhile =
        error instanceof pg.DatabaseError && ['XX000', '23505', '42710'].includes(error.code ?? '');
      if (!meanwhile || attempt === ROLE_ATTEMPTS) throw error;
    }
  }
}

async function migrate(client: pg.Client): Promise<void> {
  await client.query('begin');
  await client.query(`
    create schema if not exists holdfast;
    create table if not exists holdfast.migration (
      version integer primary key, name text not null, at timestamptz not null default now())`);
  const { rows } = await client.query<{ version: number; name: string }>(
    'select version, name from holdfast.migration order by version',
  );
  const unknown = rows.find((row, i) => MIGRATIONS[i]?.name !== row.name);
  if (unknown) {
    throw new Error(
      `the database was prepared by another release: it has migration ${unknown.version} “${unknown.name}”, which this release doesn't know`,
    );
  }
  for (const [i, migration] of MIGRATIONS.entries()) {
    if (i < rows.length) continue;
    await client.query(migration.sql);
    await client.query('insert into holdfast.migration (version, name) values ($1, $2)', [
      i + 1,
      migration.name,
    ]);
  }
  await client.query(GRANTS);
  await client.query('commit');
}
