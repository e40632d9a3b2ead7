import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Device } from '#apps/demo/src/device';
import { roleUrl } from '#platform/database/role-url';
import { TestAuthority } from '#platform/tls/testing/test-authority';
import { Board } from '#test/support/board';
import { offered, trustRootsOf } from '#test/support/device';
import { missingProgram, ROOT } from '../systemd/unit.js';
import { ADDRESS, denied, inZone, makeZones, removeZones, runIn, unused } from './namespaces.js';
import { startSquid, type Squid } from './squid-program.js';

const HOST = 'store.world.example';
const PASSWORD = 's3cret-of-the-site';
const CONTROL = `http://${ADDRESS.site}:8080`;
const PROXY = `http://${ADDRESS.site}:8081`;
const HOST_PROGRAM = join(ROOT, 'dist/apps/host/src/main.js');

const missing =
  process.getuid?.() === 0
    ? await missingProgram('ip', 'nft', 'squid', 'openssl')
    : 'the right to make namespaces';

/** A Node program in a zone, and what it prints. */
function start(
  zone: 'site' | 'dmz' | 'world',
  env: Record<string, string>,
  ...args: readonly string[]
): ChildProcess {
  const [ip, ...words] = inZone(zone);
  const command = [...words, process.execPath, ...args];
  return spawn(ip, command, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function stop(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

describe.skipIf(missing !== undefined)(
  `a site behind firewalls and a real squid${missing === undefined ? '' : ` (${missing} is missing)`}`,
  () => {
    let folder: string;
    let env: Record<string, string>;
    let roots: string;
    let world: ChildProcess | undefined;
    let squid: Squid | undefined;
    let site: ChildProcess | undefined;
    let database: ChildProcess | undefined;
    let node: ChildProcess | undefined;
    const log: string[] = [];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'holdfast-network-'));
      // squid gives up being root, and has its files in here.
      await chmod(folder, 0o755);
      await makeZones();
      const ca = TestAuthority.root('The Store');
      const { pem, keyPem } = ca.server([HOST]);
      const file = async (name: string, text: string): Promise<string> => {
        await writeFile(join(folder, name), text);
        return join(folder, name);
      };
      const [cert, key] = [await file('store.pem', pem), await file('store.key', keyPem)];
      world = start('world', {}, join(import.meta.dirname, 'world.ts'), folder, ADDRESS.world, cert, key);
      world.stderr?.on('data', (chunk) => log.push(`world: ${String(chunk)}`));
      if (!world.stdout) throw new Error('the world says nothing');
      [roots] = (await once(createInterface({ input: world.stdout }), 'line')) as [string];
      squid = await startSquid(join(folder, 'squid'), HOST, `holdfast:${PASSWORD}`);
      env = {
        HOLDFAST_HOME: join(folder, 'home'),
        HOLDFAST_CONTROL_HOST: ADDRESS.site,
        HOLDFAST_PROXY_HOST: ADDRESS.site,
        HOLDFAST_TRUST_ROOTS: roots,
        HOLDFAST_UPSTREAM_URL: `https://${HOST}/`,
        HOLDFAST_UPSTREAM_CA_FILE: await file('ca.pem', ca.pem),
        HOLDFAST_DEVICE_SERVICES: `https://${HOST}/serials`,
        HOLDFAST_FORWARD_PROXY: `http://${ADDRESS.edge}:3128`,
        HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE: await file('credentials', `holdfast:${PASSWORD}\n`),
        HOLDFAST_LOG_LEVEL: 'trace',
      };
      site = start('site', env, HOST_PROGRAM, 'up');
      for (const said of [site.stdout, site.stderr]) said?.on('data', (chunk) => log.push(String(chunk)));
      await vi.waitUntil(() => fetch(`${PROXY}/v2/snaps/info/x`).then(Boolean, () => false), {
        timeout: 110_000,
        interval: 100,
      });
    }, 180_000);

    afterAll(async () => {
      await stop(node);
      await stop(database);
      await stop(site);
      await squid?.stop();
      await stop(world);
      await removeZones();
      await rm(folder, { recursive: true, force: true });
    });

    it('makes all its connections, and says so', async () => {
      const checking = start('site', env, HOST_PROGRAM, 'check-connections');
      const said: string[] = [];
      checking.stdout?.on('data', (chunk) => said.push(String(chunk)));
      await once(checking, 'close');
      expect(said.join('')).toBe(
        `proxy: http://${ADDRESS.edge}:3128: OK\nhttp: https://${HOST}: OK\nAll connections appear to be accessible\n`,
      );
    });

    it('captures, holds, serves and relays', { timeout: 120_000 }, async () => {
      const board = await Board.of(CONTROL, join(folder, 'home'));
      const device = new Device(PROXY, await trustRootsOf({ trustRootsDir: roots }));
      const relayed = await offered(device, 2);
      expect(await device.fetchAndVerify(relayed)).toBeGreaterThan(0);
      await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 1 });
      const held = await offered(device, 1);
      expect(await device.fetchAndVerify(held)).toBeGreaterThan(0);
      expect((await board.sync()).outcome.failures).toEqual([]);
    });

    it(
      'has a proxy in the DMZ that is a node, and serves the devices there',
      { timeout: 120_000 },
      async () => {
        const home = join(folder, 'home');
        const own = join(folder, 'dmz');
        await mkdir(own);
        const board = await Board.returning(CONTROL);
        await writeFile(join(own, 'token'), `${await board.inviteNode('dmz-1')}\n`);
        await writeFile(join(own, 'proxy.key'), 'ab'.repeat(32));
        const published = [join(import.meta.dirname, 'published-database.ts'), ADDRESS.siteToDmz, '5432'];
        const port = (await readFile(join(home, 'pg', 'port'), 'utf8')).trim();
        database = start('site', {}, ...published, port);
        if (database.stdout) await once(createInterface({ input: database.stdout }), 'line');
        const siteKey = Buffer.from(await readFile(join(home, 'secrets/site.key'), 'utf8'), 'hex');
        const program = join(ROOT, 'dist/apps/proxy/src/main.js');
        const dmz = {
          ...Object.fromEntries(Object.entries(env).filter(([name]) => /UPSTREAM|FORWARD|LOG/.test(name))),
          DATABASE_URL: roleUrl(`postgres://owner@${ADDRESS.siteToDmz}:5432/holdfast`, 'proxy', siteKey),
          HOLDFAST_CONTROL_URL: CONTROL,
          HOLDFAST_FORWARD_PROXY: `http://${ADDRESS.edgeToDmz}:3128`,
          HOLDFAST_NODE_TOKEN_FILE: join(own, 'token'),
          HOLDFAST_NODE_DIR: join(own, 'node'),
          HOLDFAST_PROXY_KEY_FILE: join(own, 'proxy.key'),
          HOLDFAST_KEPT_DIR: join(home, 'kept'),
          HOLDFAST_CACHE_DIR: join(own, 'cache'),
          HOLDFAST_PROXY_HOST: ADDRESS.dmz,
          HOLDFAST_PROXY_HEALTH_HOST: ADDRESS.dmzToSite,
        };
        node = start('dmz', dmz, program);
        for (const said of [node.stdout, node.stderr]) said?.on('data', (chunk) => log.push(String(chunk)));
        const device = new Device(`http://${ADDRESS.dmz}:8081`, await trustRootsOf({ trustRootsDir: roots }));
        const held = await offered(device, 1);
        expect(await device.fetchAndVerify(held)).toBeGreaterThan(0);
        const relayed = await device.ask('lab-tool', { channel: 'stable' });
        expect(await device.fetchAndVerify(relayed)).toBeGreaterThan(0);
        await expect.poll(async () => (await board.nodes()).map(({ name }) => name)).toContain('dmz-1');
        const metrics = `fetch('http://${ADDRESS.dmzToSite}:9083/metrics').then((said) => said.text()).then(console.log)`;
        expect(await runIn('site', process.execPath, '-e', metrics)).toContain('holdfast_');
      },
    );

    it('has gone nowhere else: no other host, no other port, no name server', async () => {
      // squid writes of a tunnel once it has ended.
      await stop(node);
      const through = [ADDRESS.siteToEdge, ADDRESS.dmzToEdge].map(
        (from) => `${from} holdfast CONNECT ${HOST}:443 200`,
      );
      // A line without a method is check-connections, which only looks whether squid is there.
      const asked = async () =>
        (await squid?.log())?.filter((line) => !line.includes('transaction-end-before-headers'));
      await expect.poll(async () => new Set(await asked())).toEqual(new Set(through));
      for (const zone of ['site', 'dmz', 'edge'] as const) {
        expect(await denied(zone, 'out')).toEqual([]);
        expect(await denied(zone, 'in')).toEqual([]);
        // And all that is open was needed.
        expect(await unused(zone)).toEqual([]);
      }
    });

    it('would have been seen, had it gone past the proxy or been asked elsewhere', async () => {
      const past = `require('node:net').connect(443, '${ADDRESS.world}').on('error', () => process.exit(3)); setTimeout(() => process.exit(4), 300)`;
      await expect(runIn('site', process.execPath, '-e', past)).rejects.toMatchObject({
        code: expect.any(Number) as number,
      });
      expect(await denied('site', 'out')).toEqual([`${ADDRESS.world} . 443`]);
      const health = `http://${ADDRESS.site}:9083/livez`;
      await expect(fetch(health, { signal: AbortSignal.timeout(300) })).rejects.toThrow('timeout');
      expect(await denied('site', 'in')).toEqual([`${ADDRESS.people} . 9083`]);
    });

    it("never says the proxy's password, at any level of its log", async () => {
      expect(log.join('')).toContain('"level":"debug"');
      const secrets = [PASSWORD, Buffer.from(`holdfast:${PASSWORD}`).toString('base64')];
      for (const secret of secrets) expect(log.join('')).not.toContain(secret);
    });

    it('says what is wrong when squid wants other credentials', async () => {
      await writeFile(join(folder, 'wrong'), 'holdfast:other\n');
      const wrong = { ...env, HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE: join(folder, 'wrong') };
      const checking = start('site', wrong, HOST_PROGRAM, 'check-connections');
      const said: string[] = [];
      checking.stdout?.on('data', (chunk) => said.push(String(chunk)));
      await once(checking, 'close');
      expect(checking.exitCode).toBe(1);
      expect(said.join('')).toContain('it wants other credentials (407)');
      expect(await readFile(join(folder, 'credentials'), 'utf8')).toContain(PASSWORD);
    });
  },
);
