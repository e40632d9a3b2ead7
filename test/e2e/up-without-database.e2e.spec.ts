import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Device } from '#apps/demo/src/device';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { EmbeddedPostgres } from '#platform/database/embedded-postgres';
import type { TrustRoots } from '#snap';
import { Board } from '#test/support/board';
import { offered, trustRootsOf } from '#test/support/device';

const PORTS = ['CONTROL', 'PROXY', 'CONTROL_HEALTH', 'WORKER_HEALTH', 'PROJECTOR_HEALTH', 'PROXY_HEALTH'];

let folder: string;
let upstream: SandboxStore;
let database: EmbeddedPostgres;
let roots: TrustRoots;
let said = '';
let up: ChildProcess | undefined;

const startDatabase = (samePort: boolean): Promise<EmbeddedPostgres> =>
  EmbeddedPostgres.start({
    folder: join(folder, 'pg'),
    passwordFile: join(folder, 'pg-password'),
    durable: false,
    samePort,
  });

interface Urls {
  readonly control?: string;
  readonly proxy?: string;
}

/** `holdfast up` as a process of its own, with a database that is not its own. */
function start(): void {
  said = '';
  up = spawn(process.execPath, ['dist/apps/host/src/main.js', 'up'], {
    env: {
      PATH: process.env['PATH'],
      HOLDFAST_HOME: join(folder, 'home'),
      DATABASE_URL: database.ownerUrl,
      HOLDFAST_UPSTREAM_URL: upstream.url,
      HOLDFAST_TRUST_ROOTS: upstream.trustRootsDir,
      ...Object.fromEntries(PORTS.map((name) => [`HOLDFAST_${name}_PORT`, '0'])),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [up.stdout, up.stderr])
    stream?.on('data', (text: Buffer) => (said += text.toString()));
}

async function stop(): Promise<number | null> {
  const child = up;
  up = undefined;
  if (!child || child.exitCode !== null) return child?.exitCode ?? null;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const [code] = (await ended) as [number | null];
  return code;
}

/** What the run file says, as soon as it says all that is asked for. */
function listening<Name extends keyof Urls>(...names: Name[]): Promise<Record<Name, string>> {
  const read = async (): Promise<Record<Name, string> | undefined> => {
    const text = await readFile(join(folder, 'home/run.json'), 'utf8').catch(() => '{}');
    const urls = JSON.parse(text) as Urls;
    return names.every((name) => urls[name] !== undefined) ? (urls as Record<Name, string>) : undefined;
  };
  return vi.waitUntil(read, { timeout: 60_000, interval: 50 });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-up-without-'));
  upstream = await startSandboxStore({ dir: join(folder, 'upstream'), keysDir: join(folder, 'keys') });
  upstream.release('lab-hello', 'stable', 2);
  roots = await trustRootsOf(upstream);
  database = await startDatabase(false);
}, 180_000);

afterAll(async () => {
  await stop();
  await database?.stop();
  await upstream?.close();
  await rm(folder, { recursive: true, force: true });
});

// A test has as long as the starts in it may take.
describe('holdfast up, started again while its database is away', { timeout: 240_000 }, () => {
  it('serves a device from disk, names what it waits for, and ends in seconds when told', async () => {
    start();
    const first = await listening('control', 'proxy');
    const board = await Board.of(first.control, join(folder, 'home'));
    await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 1 });
    await new Device(first.proxy, roots).fetchAndVerify(await offered(new Device(first.proxy, roots), 1));
    expect(await stop()).toBe(0);

    await database.stop();
    start();
    const device = new Device((await listening('proxy')).proxy, roots);
    expect(await device.fetchAndVerify(await offered(device, 1))).toBeGreaterThan(0);
    expect(said).toMatch(/^host +\| the site cannot be prepared, .*ECONNREFUSED/m);
    const since = performance.now();
    expect(await stop()).toBe(0);
    expect(performance.now() - since).toBeLessThan(10_000);
  });

  it('becomes whole by itself when the database is back', async () => {
    start();
    const { proxy } = await listening('proxy');
    const device = new Device(proxy, roots);
    await offered(device, 1);
    database = await startDatabase(true);
    const whole = await listening('control', 'proxy');
    expect(whole.proxy).toBe(proxy);
    const board = await Board.returning(whole.control);
    expect((await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 2 })).status).toBe(
      'effective',
    );
    await offered(device, 2);
  });
});
