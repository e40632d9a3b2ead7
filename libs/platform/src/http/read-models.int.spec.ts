import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { testDatabase } from '#test/support/test-database';
import { ReadModels } from './read-models.js';

const IMPATIENT = { connect: 2_000, answer: 1_000 };

let readModels: ReadModels;
let silent: Server | undefined;
const sockets = new Set<Socket>();
afterEach(async () => {
  // Also ends while something is unanswered.
  await readModels.close();
  for (const socket of sockets) socket.destroy();
  silent?.close();
});

it('gives up a database that takes connections and says nothing', async () => {
  silent = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  readModels = new ReadModels(`postgres://control@127.0.0.1:${port}/site`, IMPATIENT);
  await expect(readModels.query('select 1')).rejects.toMatchObject({ code: 'unavailable' });
}, 30_000);

it('gives up an answer that does not come, and goes on with the next', async () => {
  readModels = new ReadModels((await testDatabase()).url('control'), IMPATIENT);
  await expect(readModels.query('select pg_sleep(60)')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('ask again') as string,
  });
  expect(await readModels.query('select 1 as one')).toEqual([{ one: 1 }]);
}, 30_000);

it('says that a database is away', async () => {
  readModels = new ReadModels('postgres://control@127.0.0.1:9/site', IMPATIENT);
  await expect(readModels.query('select 1')).rejects.toMatchObject({ code: 'unavailable' });
});

it('passes on what is wrong with a query', async () => {
  readModels = new ReadModels((await testDatabase()).url('control'), { connect: 5_000, answer: 5_000 });
  await expect(readModels.query('select nonsense')).rejects.toMatchObject({ code: '42703' });
});
