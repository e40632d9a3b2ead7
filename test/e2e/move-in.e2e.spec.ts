import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, request as ask, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Device } from '#apps/demo/src/device';
import { hostProgram } from '#apps/host/src/program';
import { up, type Running } from '#apps/host/src/up';
import { authorityOf } from '#apps/sandbox-store/src/keys/authority';
import { openKeyFolder } from '#apps/sandbox-store/src/keys/key-files';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { freePort } from '#platform/database/free-port';
import type { DifferencePage } from '#fleet/queries/list-differences/query';
import { signAssertion } from '#snap';
import { Board } from '#test/support/board';
import { DeviceWithSerial } from '#test/support/device-with-serial';
import { offered, trustRootsOf } from '#test/support/device';

const OPERATOR = 'labdevlabdevlabdevlabdevlabdev00';
const CLI = resolve(import.meta.dirname, '../../dist/apps/cli/src/main.js');
const HELLO = 'labhelloidlabhelloidlabhelloid01';
const TOOL = 'labtoolidlabtoolidlabtoolidlab02';
const BARE = 'EISPgh06mRh1vordZY9OZ34QHdd7OrdR';
const SNAPD = 'PMrrV4ml8uWuEUDBT8dSGnKUYbevVhc4';
const WHY = ['--reason', 'moved from the Snap Store Proxy'];

const runFile = promisify(execFile);

interface Held {
  readonly snap: string;
  readonly channel: string;
  readonly architecture: string;
  readonly revision: number;
}

let folder: string;
let upstream: SandboxStore;
let port: number;
/** The old proxy's, while another one stands in front of it. */
let behind: number;
let old: Server;
/** Ends what the old proxy has begun to say. */
let finishSlow: () => void = () => undefined;
let env: Record<string, string>;
let site: Running | undefined;
let device: Device;
let board: Board;
const at = (name: string): string => join(folder, name);

/** The host's own command, as an operator types it. */
async function holdfast(...argv: readonly string[]): Promise<string> {
  const lines: string[] = [];
  await hostProgram(env, (line) => lines.push(line)).parseAsync(argv, { from: 'user' });
  return lines.join('\n');
}

/** The stand-in for a running Snap Store Proxy: what it documents of registration and overrides, and devices relayed to the store. */
async function startOld(registration: Buffer, at = port): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url === '/download/slow') {
      response.write('begun');
      finishSlow = () => response.end(', and ended');
      return;
    }
    if (request.url === '/v2/auth/store/assertions')
      return void response.writeHead(200, { 'x-assertion-store-id': 'lab-proxy' }).end(registration);
    const { hostname, port: upstreamPort } = new URL(upstream.url);
    const { url: path, method, headers } = request;
    const onwards = ask({ hostname, port: upstreamPort, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onwards.on('error', () => response.destroy());
    request.pipe(onwards);
  });
  server.listen(at, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function stopOld(): Promise<void> {
  old.closeAllConnections();
  old.close();
  await once(old, 'close');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-move-in-'));
  upstream = await startSandboxStore({ dir: at('store'), keysDir: at('keys') });
  upstream.release('lab-hello', 'stable', 2);
  port = await freePort();
  const keys = openKeyFolder(at('keys'));
  const headers = {
    'authority-id': authorityOf(keys).accountId,
    store: 'lab-proxy',
    'operator-id': OPERATOR,
    url: `http://127.0.0.1:${port}`,
    timestamp: '2024-01-02T03:04:05Z',
  };
  old = await startOld(signAssertion({ type: 'store', headers }, keys.store));
  device = new Device(`http://127.0.0.1:${port}`, await trustRootsOf(upstream));
}, 60_000);

afterAll(async () => {
  await site?.stop();
  if (old.listening) await stopOld();
  await upstream?.close();
  await rm(folder, { recursive: true, force: true });
});

/** In the order of docs/tutorials/move-in.md. */
describe('moving in', { timeout: 180_000 }, () => {
  it('takes what the old proxy has, while it serves on', async () => {
    const config = `proxy.domain: 127.0.0.1\nproxy.port.http: ${port}\nproxy.ipaddress: 127.0.0.1\nproxy.upstream: ${upstream.url}\nproxy.cache.size: 2048\n`;
    await writeFile(at('config.yaml'), config);
    await writeFile(at('overrides.txt'), 'lab-hello stable amd64 1 (upstream 2)\n');
    const registration = await fetch(`http://127.0.0.1:${port}/v2/auth/store/assertions`);
    await writeFile(at('store.assert'), Buffer.from(await registration.arrayBuffer()));
    env = { PATH: process.env['PATH'] ?? '', HOLDFAST_HOME: at('home') };
    const given = [
      '--config',
      'config.yaml',
      '--registration',
      'store.assert',
      '--overrides',
      'overrides.txt',
    ];
    const files = given.map((word) => (word.startsWith('--') ? word : at(word)));
    const told = await holdfast('migrate', ...files, '--to', at('moved'));
    expect(told).toContain('holdfast register');
    expect((await offered(device, 2)).revision).toBe(2);
  });

  it('starts beside it, on another port, and registers', async () => {
    const moved = parseEnv(await readFile(at('moved/environment'), 'utf8')) as Record<string, string>;
    env = { ...env, ...moved, HOLDFAST_TRUST_ROOTS: upstream.trustRootsDir };
    expect(env['HOLDFAST_PROXY_URL']).toBe(`http://127.0.0.1:${port}`);
    site = await up({ home: at('home'), env, ports: { control: 0, proxy: 0 }, log: () => undefined });
    env = { ...env, DATABASE_URL: site.ownerUrl };
    await holdfast('register', at('moved/registration.given'), ...WHY);
    const assertions = await fetch(`${site.urls.proxy}/v2/auth/store/assertions`);
    expect(assertions.headers.get('x-assertion-store-id')).toBe('lab-proxy');
    expect(await assertions.text()).toContain('type: account-key');
  });

  it('asks for all overrides in one change request, to be approved', async () => {
    const { control, proxy } = site?.urls ?? { control: '', proxy: '' };
    board = await Board.of(control, at('home'));
    const response = await fetch(`${control}/v2/metadata/overrides`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await board.token('moving-in')}`,
        'content-type': 'application/json',
      },
      body: await readFile(at('moved/overrides.json')),
    });
    expect(response.status).toBe(202);
    const id = response.headers.get('location')?.split('/').at(-1) ?? '';
    expect(await board.approve(await board.captured(id))).toMatchObject({ status: 'applied' });
    const beside = new Device(proxy, await trustRootsOf(upstream));
    expect(
      await beside.fetchAndVerify({ ...(await offered(beside, 1)), url: await sideUrl(beside) }),
    ).toBeGreaterThan(0);
  });

  /** Addresses lead to the old proxy's name until that is ours: here they are asked for beside it. */
  async function sideUrl(beside: Device): Promise<string> {
    const { url } = await offered(beside, 1);
    return url.replace(`http://127.0.0.1:${port}`, site?.urls.proxy ?? '');
  }

  /** On the old proxy's own port. @param more settings */
  async function start(more: Record<string, string> = {}): Promise<void> {
    site = await up({
      home: at('home'),
      env: { ...without(env, 'DATABASE_URL'), ...more },
      ports: { control: 0, proxy: port },
      log: () => undefined,
    });
    board = board.at(site.urls.control);
  }

  it('stands in front of the old proxy, which answers, and says what differs', async () => {
    await site?.stop();
    await stopOld();
    behind = await freePort();
    old = await startOld(await readFile(at('store.assert')), behind);
    await start({ HOLDFAST_SHADOW_OF: `http://127.0.0.1:${behind}` });
    const offer = await offered(device, 2);
    expect(await device.fetchAndVerify(offer)).toBeGreaterThan(0);
    const shadow = await vi.waitUntil(
      async () => {
        const page = await board.get<DifferencePage>('/v1/shadow?snap=lab-hello');
        return page.differences.some(({ endpoint }) => endpoint === 'refresh') ? page : undefined;
      },
      { timeout: 90_000, interval: 200 },
    );
    expect(shadow.differences).toContainEqual(
      expect.objectContaining({
        incumbent: expect.stringMatching(/^revision 2/) as string,
        ours: expect.stringMatching(/^revision 1/) as string,
        why: 'held',
      }),
    );
    expect(shadow.summary.differing).toBeGreaterThan(0);
    expect(shadow.summary.notCompared.map(({ reason }) => reason)).toContain('not-comparable');
  });

  it('takes the old proxy’s place, and no device is touched, not even one that is being answered', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/download/slow`);
    const stopped = site?.stop();
    finishSlow();
    expect(await answer.text()).toBe('begun, and ended');
    await stopped;
    await start();
    const offer = await offered(device, 1);
    expect(offer.url.startsWith(`http://127.0.0.1:${port}/`)).toBe(true);
    expect(await device.fetchAndVerify(offer)).toBeGreaterThan(0);
  });

  it('holds what devices have, once they have said so', async () => {
    const { control } = site?.urls ?? { control: '' };
    board = board.at(control);
    const token = await board.token('baseline');
    const baseline = (...words: string[]) =>
      runFile(process.execPath, [CLI, 'baseline', ...words], {
        env: { PATH: process.env['PATH'], HOLDFAST_URL: control, HOLDFAST_TOKEN: token },
      });
    const all = { [BARE]: 5, [SNAPD]: 100, [HELLO]: 1 };
    for (const has of [{ [TOOL]: 3 }, { [TOOL]: 3 }, { [TOOL]: 4, ['x'.repeat(32)]: 1 }]) {
      const one = await DeviceWithSerial.register(`http://127.0.0.1:${port}`);
      await one.looksForUpdates({ ...all, ...has });
    }
    await known(6);

    const { stdout, stderr } = await baseline('--dry-run');
    expect(stdout).toMatch(/^Devices: 3; reports that no store vouches for: 0$/m);
    expect(stdout).toMatch(/^snapd +stable +amd64 +100 +3 +0 +upstream$/m);
    expect(stdout).toMatch(/Held already:\nSnap .*\nlab-hello +stable +amd64 +1 +3 +0 +1$/m);
    expect(stdout).toMatch(/^lab-tool +stable +amd64 +4 +1$/m);
    expect(stdout).toMatch(/^x{32} .*not known upstream/m);
    expect(stderr).toContain('Devices differ');
    await expect(baseline()).rejects.toMatchObject({ code: 5 });

    const asked = await baseline('--prefer', 'most');
    const id = /CR-\d+-\d+/.exec(asked.stdout)?.[0] ?? '';
    expect(await board.approve(await board.captured(id))).toMatchObject({ status: 'applied' });
    const { overrides } = await board.get<{ overrides: readonly Held[] }>('/v1/policies/default');
    const held = overrides.filter(({ architecture }) => architecture === 'amd64');
    expect(held.map(({ snap, channel, revision }) => `${snap} ${channel} ${revision}`)).toEqual([
      'bare latest/stable 5',
      'lab-hello latest/stable 1',
      'lab-tool latest/stable 3',
      'snapd latest/stable 100',
    ]);
  });

  it('goes back by the same way', async () => {
    await site?.stop();
    await start({ HOLDFAST_SHADOW_OF: `http://127.0.0.1:${behind}` });
    expect((await offered(device, 2)).revision).toBe(2);
    await site?.stop();
    site = undefined;
    await stopOld();
    old = await startOld(await readFile(at('store.assert')));
    expect((await offered(device, 2)).revision).toBe(2);
  });
});

/** Until so many revisions that devices have are recorded, and upstream was asked what their snaps are. */
async function known(revisions: number): Promise<void> {
  type Listed = {
    readonly revisions: readonly { readonly name: string | null; readonly failure: string | null }[];
  };
  const isKnown = async () => {
    const listed = await board.get<Listed>('/v1/installed-revisions');
    const told = listed.revisions.filter(({ name, failure }) => name !== null || failure !== null);
    return told.length === revisions;
  };
  await vi.waitUntil(isKnown, { timeout: 120_000, interval: 200 });
}

function without(from: Readonly<Record<string, string>>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(from).filter(([each]) => each !== name));
}
