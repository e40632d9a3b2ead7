import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { nextLine, nodeProcess } from '#test/support/node-process';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { isAlive, readPidFile } from './postmaster.js';

const START = `
  import { EmbeddedPostgres } from '#platform/database/embedded-postgres';
  const [, folder, passwordFile, durable] = process.argv;
  const server = await EmbeddedPostgres.start({ folder, passwordFile, durable: durable === 'true' });
  console.log(server.pid);
  setInterval(() => undefined, 1000);
`;

let home: string;
const started: EmbeddedPostgres[] = [];

beforeAll(async () => {
  home = await closedFolder();
});
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});
afterAll(() => rm(home, { recursive: true }));

/** Closed to everybody else, as root's home is. */
async function closedFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-pg-'));
  await chmod(folder, 0o700);
  return folder;
}

function inHome(...names: string[]): string {
  return path.join(home, ...names);
}

async function start(
  settings: Record<string, string> = {},
  {
    at = home,
    durable = false,
    samePort = false,
  }: { at?: string; durable?: boolean; samePort?: boolean } = {},
): Promise<EmbeddedPostgres> {
  const [folder, passwordFile] = [path.join(at, 'pg'), path.join(at, 'secrets/database-owner')];
  const server = await EmbeddedPostgres.start({ folder, passwordFile, settings, durable, samePort });
  started.push(server);
  return server;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('EmbeddedPostgres', () => {
  it('listens on the loopback interface alone, durably, in UTF-8 and the C locale', async () => {
    const { ownerUrl } = await start({}, { durable: true });
    const [settings] = await query(
      ownerUrl,
      `select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets,
        current_setting('fsync') as fsync, current_setting('server_encoding') as encoding,
        (select datcollate from pg_database where datname = current_database()) as collate`,
    );
    expect(settings).toEqual({
      addresses: '127.0.0.1',
      sockets: '',
      fsync: 'on',
      encoding: 'UTF8',
      collate: 'C',
    });
  });

  it('takes nobody without the password, which only our account can read', async () => {
    const { ownerUrl } = await start();
    const url = new URL(ownerUrl);
    url.password = 'password';
    await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(inHome('secrets/database-owner'))).mode & 0o777).toBe(0o600);
    expect(await readFile(inHome('pg/server.log'), 'utf8')).not.toContain(new URL(ownerUrl).password);
  });

  it('keeps data and port over a stop', async () => {
    const first = await start();
    await query(first.ownerUrl, 'create table if not exists kept as select 1 as a');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(second.ownerUrl).toBe(first.ownerUrl);
    expect(await query(second.ownerUrl, 'select a from kept')).toEqual([{ a: 1 }]);
  });

  it('takes over the server of a process that was killed, and stops it', async () => {
    const killed = nodeProcess(START, inHome('pg'), inHome('secrets/database-owner'), 'true');
    const pid = Number(await nextLine(killed));
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    expect(isAlive(pid)).toBe(true);
    const server = await start();
    expect([server.adopted, server.pid]).toEqual([true, pid]);
    expect(await query(server.ownerUrl, 'select 1 as a')).toEqual([{ a: 1 }]);
    await server.stop();
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false));
  });

  it('ends with the process that was killed when it is but for a test', async () => {
    const killed = nodeProcess(START, inHome('pg'), inHome('secrets/database-owner'), 'false');
    const pid = Number(await nextLine(killed));
    expect(isAlive(pid)).toBe(true);
    killed.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000, interval: 50 });
  });

  it('starts after a crash of its own, though the pid file is still there', async () => {
    const first = await start();
    await query(first.ownerUrl, 'create table if not exists kept as select 1 as a');
    process.kill(first.pid, 'SIGKILL');
    await vi.waitFor(() => expect(isAlive(first.pid)).toBe(false));
    expect(await readPidFile(inHome('pg/data'))).toMatchObject({ pid: first.pid });
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await query(second.ownerUrl, 'select a from kept')).toEqual([{ a: 1 }]);
  });

  it('is not misled by a pid file whose number another program has now', async () => {
    const first = await start();
    await first.stop();
    const other = nodeProcess(`console.log('here'); setInterval(() => undefined, 1000)`);
    await nextLine(other);
    const url = new URL(first.ownerUrl);
    const lines = [other.pid, '/proc/self/cwd', '1', url.port, '', '127.0.0.1', '', 'ready'];
    await writeFile(inHome('pg/data/postmaster.pid'), `${lines.join('\n')}\n`);
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(isAlive(other.pid ?? 0)).toBe(true);
    other.kill('SIGKILL');
  });

  it('moves to another port when somebody took its own', async () => {
    const first = await start();
    await first.stop();
    const squatter = createServer().listen(Number(new URL(first.ownerUrl).port), '127.0.0.1');
    await once(squatter, 'listening');
    const second = await start();
    expect(new URL(second.ownerUrl).port).not.toBe(new URL(first.ownerUrl).port);
    squatter.close();
  });

  it('stays at its port when others know it, and says who is in the way', async () => {
    const first = await start();
    await first.stop();
    const { port } = new URL(first.ownerUrl);
    const squatter = createServer().listen(Number(port), '127.0.0.1');
    await once(squatter, 'listening');
    await expect(start({}, { samePort: true })).rejects.toThrow(`port ${port} is taken by another program`);
    squatter.close();
    await once(squatter, 'close');
    expect((await start({}, { samePort: true })).ownerUrl).toBe(first.ownerUrl);
  });

  it('begins again when a crash left a half made data folder', async () => {
    const at = await closedFolder();
    await mkdir(path.join(at, 'pg/data.unfinished/base'), { recursive: true });
    const server = await start({}, { at });
    expect(await query(server.ownerUrl, 'select 1 as a')).toEqual([{ a: 1 }]);
    await server.stop();
    await rm(at, { recursive: true });
  });

  it('says why it does not start', async () => {
    await expect(start({ shared_buffers: 'lots' })).rejects.toThrow(
      /^PostgreSQL did not start:\n.*shared_buffers/s,
    );
  });

  it.runIf(userInfo().uid === 0)(
    'runs as nobody when we are root, and nobody can reach the home',
    async () => {
      const { pid } = await start();
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      expect(status).toMatch(/^Uid:\s+65534\s+65534\s+65534\s+65534$/m);
      expect(status).toMatch(/^Groups:\s*$/m);
      expect((await stat(inHome('pg/data'))).uid).toBe(65_534);
      expect((await stat(home)).mode & 0o777).toBe(0o700);
    },
  );
});
