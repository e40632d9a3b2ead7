import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EmbeddedDatabase } from './embedded-database.js';
import { Home } from './home.js';

let home: Home;
let lines: string[];
let database: EmbeddedDatabase;

beforeEach(async () => {
  home = new Home(await mkdtemp(path.join(tmpdir(), 'holdfast-database-')));
  await home.make();
  lines = [];
  database = await EmbeddedDatabase.start(home, (line) => lines.push(line));
});
afterEach(async () => {
  await database.stop();
  await rm(home.folder, { recursive: true });
});

async function postmaster(): Promise<number> {
  return Number((await readFile(path.join(home.pg(), 'data/postmaster.pid'), 'utf8')).split('\n')[0]);
}

it('is started again where it was, when it ends by itself', async () => {
  const url = database.ownerUrl;
  const killed = await postmaster();
  process.kill(killed, 'SIGKILL');
  const answer = async (): Promise<unknown> => {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    const answered: unknown = await client.query('select 1');
    await client.end();
    return answered;
  };
  await vi.waitUntil(() => lines.includes('ended by itself; starts again'), { timeout: 20_000 });
  await vi.waitFor(answer, { timeout: 30_000, interval: 100 });
  expect(database.ownerUrl).toBe(url);
  expect(await postmaster()).not.toBe(killed);
});
