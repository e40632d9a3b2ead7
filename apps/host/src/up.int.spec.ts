import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { askStub } from './fixtures/ask-stub.js';
import { OwnCluster } from './fixtures/own-cluster.js';
import type { ServerName } from './programs.js';
import { up, type Running, type UpOptions } from './up.js';

const STUB = path.join(import.meta.dirname, 'fixtures/stub-server.mjs');

let cluster: OwnCluster;
beforeAll(async () => {
  cluster = await OwnCluster.start();
});
afterAll(() => cluster.stop());

let home: string;
let lines: string[];
let running: Running[];
let told: AbortController;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'holdfast-up-'));
  lines = [];
  running = [];
  told = new AbortController();
});
afterEach(async () => {
  told.abort(new Error('the test is over'));
  for (const each of running) await each.stop();
  await rm(home, { recursive: true, force: true });
});

async function start(options: Partial<UpOptions> = {}): Promise<Running> {
  const started = await up({
    home,
    env: { PATH: process.env['PATH'], DATABASE_URL: await cluster.database() },
    ports: { control: 0, proxy: 0, sandbox: 0 },
    log: (line) => lines.push(line),
    program: () => STUB,
    signal: told.signal,
    ...options,
  });
  running.push(started);
  return started;
}

function pidsOf(server: string): number[] {
  const said = lines.filter((line) => line.startsWith(`${server} `) && line.includes('listens as '));
  return said.map((line) => Number(line.split('listens as ')[1]));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const SERVERS = ['control', 'worker', 'projector', 'proxy'];

describe('up', () => {
  it('tells the CLI where the servers are, and nobody else', async () => {
    const { urls } = await start();
    const file = path.join(home, 'run.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ ...urls, pid: process.pid });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await running[0]?.stop();
    await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('gives each server its own role and keys, and nothing of another', async () => {
    const { urls } = await start({ sandbox: true });
    const control = (await askStub(urls.control)).env;
    const proxy = (await askStub(urls.proxy)).env;
    expect(new URL(control['DATABASE_URL'] ?? '').username).toBe('holdfast_control');
    expect(new URL(proxy['DATABASE_URL'] ?? '').username).toBe('holdfast_proxy');
    expect(control).toMatchObject({
      HOLDFAST_SITE_KEY_FILE: path.join(home, 'secrets/site.key'),
      HOLDFAST_EVALUATION_DATABASE: 'false',
    });
    expect(proxy).toMatchObject({
      HOLDFAST_POLICY_VKEY_FILE: path.join(home, 'secrets/policy.vkey'),
      HOLDFAST_UPSTREAM_URL: urls.sandbox,
    });
    const foreign = ['HOLDFAST_SITE_KEY_FILE', 'HOLDFAST_LEDGER_KEY_FILE', 'HOLDFAST_POLICY_KEY_FILE'];
    expect(foreign.filter((name) => name in proxy)).toEqual([]);
    expect(control).not.toHaveProperty('HOLDFAST_LEDGER_KEY_FILE');
    expect((await askStub(urls.sandbox ?? '')).env).not.toHaveProperty('DATABASE_URL');
  });

  it('hands on what its own environment overrides', async () => {
    const ownerUrl = await cluster.database();
    const { urls } = await start({
      env: { DATABASE_URL: ownerUrl, HOLDFAST_RING: 'pilot', HOLDFAST_ORIGIN: 'site.example' },
    });
    expect((await askStub(urls.proxy)).env).toMatchObject({
      HOLDFAST_RING: 'pilot',
      HOLDFAST_ORIGIN: 'site.example',
    });
  });

  it('starts a crashed server again, where it was', async () => {
    const { urls } = await start();
    const { pid } = await askStub(urls.control);
    await fetch(`${urls.control}/crash`).catch(() => undefined);
    const next = await vi.waitFor(() => askStub(urls.control), { timeout: 20_000, interval: 100 });
    expect(next.pid).not.toBe(pid);
    expect(lines).toContainEqual(expect.stringMatching(/^control .* ended with 3; starts again in 500 ms/));
  });

  it('stops all, and leaves nothing running', async () => {
    const started = await start({ sandbox: true });
    const pids = [...SERVERS, 'sandbox-store'].flatMap(pidsOf);
    expect(pids).toHaveLength(5);
    await started.stop();
    expect(pids.filter(isAlive)).toEqual([]);
    const order = lines.filter((line) => line.endsWith('| stops')).map((line) => line.split(' ')[0]);
    expect(order).toEqual(['proxy', 'control', 'worker', 'projector', 'sandbox-store']);
  });

  it('says which server did not come up, and leaves nothing running', async () => {
    const broken = path.join(home, 'stub.broken.mjs');
    await copyFile(STUB, broken);
    const program = (server: ServerName): string => (server === 'worker' ? broken : STUB);
    await expect(start({ program })).rejects.toThrow('worker ended with 2 before it was ready');
    expect(lines).toContainEqual(expect.stringMatching(/^worker +\| a setting is wrong$/));
    expect(SERVERS.flatMap(pidsOf).filter(isAlive)).toEqual([]);
    await start();
  });

  /** The stub with another behaviour, as a file of its own; its flag is what it waits for. */
  async function behaving(behaviour: string): Promise<{ program: string; flag: string }> {
    const program = path.join(home, `stub.${behaviour}.mjs`);
    await copyFile(STUB, program);
    return { program, flag: `${program}.flag` };
  }

  it('keeps the others when one fails at its start, and starts it again', async () => {
    const { program, flag } = await behaving('failing');
    const starting = start({ program: (server) => (server === 'projector' ? program : STUB) });
    const again = /^projector +\| ended with 1; starts again in 1000 ms$/;
    await vi.waitFor(() => expect(lines).toContainEqual(expect.stringMatching(again)), { timeout: 20_000 });
    const urls = JSON.parse(await readFile(path.join(home, 'run.json'), 'utf8')) as Running['urls'];
    const { pid } = await askStub(urls.proxy);
    await writeFile(flag, '');
    await starting;
    expect((await askStub(urls.proxy)).pid).toBe(pid);
  });

  it('waits for a server that is alive, and says already where the others are', async () => {
    const { program, flag } = await behaving('waiting');
    const starting = start({ program: (server) => (server === 'worker' ? program : STUB) });
    const read = async () =>
      JSON.parse(await readFile(path.join(home, 'run.json'), 'utf8')) as Partial<Running['urls']>;
    const known = await vi.waitUntil(
      async () => {
        const urls = await read().catch(() => undefined);
        return urls?.control && urls.proxy && urls.health?.worker && urls.health.projector ? urls : undefined;
      },
      { timeout: 20_000, interval: 50 },
    );
    await writeFile(flag, '');
    expect(known).toMatchObject((await starting).urls);
  });

  it('stops in the middle of its start when it is told to', async () => {
    const { program } = await behaving('parting');
    const starting = start({ program: () => program });
    await vi.waitFor(() => expect(SERVERS.flatMap(pidsOf)).toHaveLength(4), { timeout: 20_000 });
    told.abort(new Error('told to stop'));
    await expect(starting).rejects.toThrow('told to stop');
    expect(SERVERS.flatMap(pidsOf).filter(isAlive)).toEqual([]);
    await expect(stat(path.join(home, 'run.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('serves by what is on disk while the site cannot be prepared, and is whole when it can', async () => {
    const ownerUrl = await cluster.database();
    await (await start({ env: { DATABASE_URL: ownerUrl } })).stop();
    await mkdir(path.join(home, 'cache/policy'), { recursive: true });
    await writeFile(path.join(home, 'cache/policy/default.json'), '{}');
    await cluster.takeAway(ownerUrl);
    const serving = Promise.withResolvers<string>();
    const starting = start({ env: { DATABASE_URL: ownerUrl }, onServing: serving.resolve });
    const { pid, env } = await askStub(await serving.promise);
    expect(new URL(env['DATABASE_URL'] ?? '').username).toBe('holdfast_proxy');
    const says = /^host +\| the site cannot be prepared, .* devices are served: database .* does not exist/;
    await vi.waitFor(() => expect(lines.filter((line) => says.test(line))).toHaveLength(1));
    expect(pidsOf('control')).toHaveLength(1);
    await cluster.bringBack(ownerUrl);
    expect((await askStub((await starting).urls.proxy)).pid).toBe(pid);
  });

  it('refuses a home that another one works on', async () => {
    await start();
    await expect(start()).rejects.toThrow(
      `${home} is in use by another Holdfast (process ${process.pid}): stop that one first`,
    );
  });

  it('founds the site once, and finds it again', async () => {
    const ownerUrl = await cluster.database();
    const env = { DATABASE_URL: ownerUrl };
    await (await start({ env })).stop();
    await (await start({ env })).stop();
    const store = new PostgresEventStore(ownerUrl);
    const types: string[] = [];
    for await (const { events } of store.readAll(null)) types.push(...events.map(({ type }) => type));
    await store.close();
    expect(types.filter((type) => type === 'SiteFounded')).toHaveLength(1);
    expect(types.filter((type) => type === 'PersonEnrolled')).toHaveLength(1);
    const secret = path.join(home, 'secrets/first-admin');
    expect((await stat(secret)).mode & 0o777).toBe(0o600);
    const said = lines.filter((line) => line.includes('the first admin is'));
    expect(said).toEqual([expect.stringContaining(secret)]);
    expect(said.join()).not.toContain((await readFile(secret, 'utf8')).trim());
  });

  it('refuses the database of another site, and its own with another name', async () => {
    const ownerUrl = await cluster.database();
    await (await start({ env: { DATABASE_URL: ownerUrl } })).stop();
    await expect(
      start({ env: { DATABASE_URL: ownerUrl, HOLDFAST_ORIGIN: 'other.example' } }),
    ).rejects.toThrow('HOLDFAST_ORIGIN is other.example, but this site');
    await rm(home, { recursive: true });
    await expect(start({ env: { DATABASE_URL: ownerUrl } })).rejects.toThrow(
      'this site was founded with that key',
    );
  });
});
