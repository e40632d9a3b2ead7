import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { programOf } from '#apps/host/src/programs';
import { ServerProcess } from '#apps/host/src/server-process';
import { up, type Running } from '#apps/host/src/up';
import { roleUrl } from '#platform/database/role-url';
import { Device } from '#apps/demo/src/device';
import { Board } from '#test/support/board';
import { trustRootsOf } from '#test/support/device';

let folder: string;
let site: Running;
let board: Board;
let elsewhere: ServerProcess | undefined;
let elsewhereUrl = '';
const lines: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-nodes-'));
  site = await up({
    home: join(folder, 'home'),
    env: { PATH: process.env['PATH'] },
    ports: { control: 0, proxy: 0, sandbox: 0 },
    sandbox: true,
    log: (line) => lines.push(line),
  });
  board = await Board.of(site.urls.control, join(folder, 'home'));
}, 180_000);

afterAll(async () => {
  await elsewhere?.stop();
  await site?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The state of those that were heard of, by name. */
async function heardOf(): Promise<Record<string, string>> {
  const heard = (await board.nodes()).filter(({ lastHeardAt }) => lastHeardAt !== null);
  return Object.fromEntries(heard.map(({ name, state }) => [name.replace(/[0-9a-f]{8}$/, '<key>'), state]));
}

it('makes its own proxy a node, which is heard of', async () => {
  await expect.poll(heardOf, { timeout: 60_000 }).toEqual({ 'local-<key>': 'enrolled' });
});

interface Line {
  readonly device: unknown;
  readonly offered: number;
  readonly completed: number;
}

async function delivered(snap: string, revision: number) {
  const query = `snap=${snap}&revision=${revision}`;
  const { deliveries } = await board.get<{ deliveries: readonly Line[] }>(`/v1/deliveries?${query}`);
  return deliveries.map(({ device, offered, completed }) => ({ device, offered, completed }));
}

it('records what a device was offered and got', async () => {
  const trusted = await trustRootsOf({ trustRootsDir: join(folder, 'home/sandbox/trust-roots') });
  const device = new Device(site.urls.proxy, trusted);
  const offer = await device.ask('lab-hello', { channel: 'stable' });
  await device.fetchAndVerify(offer);
  await expect
    .poll(() => delivered('lab-hello', offer.revision), { timeout: 90_000 })
    .toEqual([{ device: null, offered: 1, completed: 1 }]);
});

it('takes a proxy elsewhere that shows the token, which is told what to pin', async () => {
  await board.createRing('pilot');
  const token = await board.inviteNode('dmz-1');
  const own = join(folder, 'dmz-1');
  await mkdir(own);
  await writeFile(join(own, 'token'), `${token}\n`);
  await writeFile(join(own, 'proxy.key'), 'ab'.repeat(32));
  const siteKey = Buffer.from(await readFile(join(folder, 'home/secrets/site.key'), 'utf8'), 'hex');
  elsewhere = new ServerProcess({
    name: 'dmz-1',
    program: programOf('proxy'),
    env: {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: roleUrl(site.ownerUrl, 'proxy', siteKey),
      HOLDFAST_CONTROL_URL: site.urls.control,
      HOLDFAST_NODE_TOKEN_FILE: join(own, 'token'),
      HOLDFAST_NODE_DIR: join(own, 'node'),
      HOLDFAST_PROXY_KEY_FILE: join(own, 'proxy.key'),
      // Shared with the site, as a bucket or a mounted folder is.
      HOLDFAST_KEPT_DIR: join(folder, 'home/kept'),
      HOLDFAST_CACHE_DIR: join(own, 'cache'),
      HOLDFAST_PROXY_PORT: '0',
      HOLDFAST_PROXY_HEALTH_PORT: '0',
      HOLDFAST_UPSTREAM_URL: site.urls.sandbox ?? '',
      HOLDFAST_RING: 'pilot',
    },
    log: (line) => lines.push(line),
  });
  elsewhereUrl = (await elsewhere.start()).url ?? '';
  const pinned = JSON.parse(await readFile(join(own, 'node/node.json'), 'utf8')) as Record<string, unknown>;
  const vkey = (await readFile(join(folder, 'home/secrets/policy.vkey'), 'utf8')).trim();
  expect(pinned).toEqual({ node: 'dmz-1', origin: vkey.split('/policy+')[0], policyKey: vkey });
  await expect.poll(heardOf, { timeout: 60_000 }).toMatchObject({ 'dmz-1': 'enrolled' });
  expect(lines.filter((line) => line.includes(token))).toEqual([]);
});

it('serves the ring that it is for, whose policy is its own', async () => {
  const trusted = await trustRootsOf({ trustRootsDir: join(folder, 'home/sandbox/trust-roots') });
  await board.holdIn('pilot', { snap: 'lab-hello', channel: 'latest/stable', revision: 2 });
  const offered = async (proxy: string) =>
    (await new Device(proxy, trusted).ask('lab-hello', { channel: 'stable' })).revision;
  await expect.poll(() => offered(elsewhereUrl), { timeout: 30_000 }).toBe(2);
  expect(await offered(site.urls.proxy)).toBe(1);
  const rings = async () => (await board.nodes()).map(({ ring }) => ring ?? '-').sort();
  await expect.poll(rings, { timeout: 60_000 }).toEqual(['default', 'pilot']);
});

it('has the record of each answer that a device got, also when the proxy is killed the moment after', async () => {
  const trusted = await trustRootsOf({ trustRootsDir: join(folder, 'home/sandbox/trust-roots') });
  const { revision } = await new Device(elsewhereUrl, trusted).ask('lab-tool', { channel: 'candidate' });
  const pid = elsewhere?.pid;
  expect(pid).toBeDefined();
  process.kill(pid ?? 0, 'SIGKILL');
  await expect
    .poll(() => delivered('lab-tool', revision), { timeout: 90_000 })
    .toEqual([{ device: null, offered: 1, completed: 0 }]);
});
