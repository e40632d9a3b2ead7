import { createServer, connect, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { testDatabase, type TestDatabase } from '#test/support/test-database';
import { Readiness } from '../health/readiness.js';
import { createLogger } from '../logging/logger.js';
import { untilDatabaseAnswers } from './until-database-answers.js';

const silent = createLogger('control', 'silent');
let database: TestDatabase;
/** Stands before the database, on a port where nothing is at first. */
let door: Server;

beforeAll(async () => {
  database = await testDatabase();
  const { hostname, port } = new URL(database.ownerUrl);
  door = createServer((socket) => {
    const other = connect(Number(port), hostname);
    socket.on('error', () => other.destroy()).pipe(other);
    other.on('error', () => socket.destroy()).pipe(socket);
  });
});
afterAll(() => door.close());

function listen(port: number): Promise<number> {
  return new Promise((resolve) =>
    door.listen(port, '127.0.0.1', () => resolve((door.address() as AddressInfo).port)),
  );
}

describe('untilDatabaseAnswers', () => {
  it('waits for a database that is away, and says so', async () => {
    const port = await listen(0);
    await new Promise((resolve) => door.close(resolve));
    const url = new URL(database.url('control'));
    url.host = `127.0.0.1:${port}`;
    const readiness = new Readiness('control');
    const there = untilDatabaseAnswers(url.href, readiness, silent);
    await vi.waitUntil(async () => (await readiness.report()).conditions[0]?.says?.includes('ECONNREFUSED'), {
      timeout: 30_000,
      interval: 20,
    });
    await listen(port);
    await there;
    readiness.check('anything', () => undefined);
    expect(await readiness.report()).toMatchObject({ ready: true });
  });

  it('does not wait for a server to learn what it cannot', async () => {
    const url = new URL(database.url('control'));
    url.searchParams.set('sslmode', 'require');
    await expect(untilDatabaseAnswers(url.href, new Readiness('control'), silent)).rejects.toThrow(
      'The server does not support SSL connections',
    );
  });

  it('does not wait for a password to become right', async () => {
    const url = new URL(database.url('control'));
    url.password = 'wrong';
    await expect(untilDatabaseAnswers(url.href, new Readiness('control'), silent)).rejects.toMatchObject({
      code: '28P01',
    });
  });
});
