import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import pg from 'pg';
import { EventStoreError } from '#event-store/port';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import { freePort } from './free-port.js';
import { mayPass } from './passing-errors.js';

let database: TestDatabase;
let client: pg.Client;
beforeEach(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.ownerUrl });
  client.on('error', () => undefined);
  await client.connect();
});
afterEach(() => client.end().catch(() => undefined));

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('mayPass', () => {
  it('is so of a connection that breaks in use, and of each query on it after that', async () => {
    expect(mayPass(await failure(client.query('select pg_terminate_backend(pg_backend_pid())')))).toBe(true);
    expect(mayPass(await failure(client.query('select 1')))).toBe(true);
  });

  it('is so of a server that is away, and of a pool that has no connection free', async () => {
    const away = new pg.Client({ connectionString: `postgres://127.0.0.1:${await freePort()}/x` });
    expect(mayPass(await failure(away.connect()))).toBe(true);
    const socket = new pg.Client({ host: '/no/such/folder', database: 'x' });
    expect(mayPass(await failure(socket.connect()))).toBe(true);
    const pool = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
    const busy = await pool.connect();
    // From now on: a busy machine may take longer for the one that is to be there.
    pool.options.connectionTimeoutMillis = 50;
    expect(mayPass(await failure(pool.connect()))).toBe(true);
    busy.release();
    await pool.end();
  });

  it('is so of a time limit and of an event store that is unavailable', async () => {
    await client.query(`set statement_timeout = '20ms'`);
    expect(mayPass(await failure(client.query('select pg_sleep(5)')))).toBe(true);
    expect(mayPass(new EventStoreError('unavailable', 'away'))).toBe(true);
  });

  it('is not so of what would fail again', async () => {
    expect(mayPass(await failure(client.query('select 1/0')))).toBe(false);
    expect(mayPass(await failure(client.query('select * from nothing.here')))).toBe(false);
    expect(mayPass(new EventStoreError('malformed-cursor', 'x'))).toBe(false);
    expect(mayPass(new Error('a change request that is none'))).toBe(false);
    expect(mayPass(Object.assign(new Error('disk'), { code: 'ENOSPC' }))).toBe(false);
    expect(mayPass(Object.assign(new Error('file'), { code: 'ENOENT', syscall: 'open' }))).toBe(false);
  });
});
