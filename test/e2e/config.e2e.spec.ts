import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { filesIn } from '#apps/host/fixtures/folders';
import { up, type Running } from '#apps/host/src/up';
import { EmbeddedPostgres } from '#platform/database/embedded-postgres';
import { Board } from '#test/support/board';
import { textOfDatabase } from '#test/support/text-of-database';

const CLI = resolve(import.meta.dirname, '../../dist/apps/cli/src/main.js');
const WHY = ['--reason', 'the new disk is in place'];

let folder: string;
let first: Site;
let second: Site;

/** A site with a database of its own, which can be started again. */
class Site {
  readonly log: string[] = [];
  private running!: Running;
  private token = '';

  private constructor(
    readonly home: string,
    readonly database: EmbeddedPostgres,
  ) {}

  static async start(home: string): Promise<Site> {
    const cluster = { folder: `${home}-pg`, passwordFile: `${home}-password`, durable: false };
    const site = new Site(home, await EmbeddedPostgres.start(cluster));
    await site.up();
    site.token = await Board.operator(site.running.urls.control, home);
    return site;
  }

  async startAgain(env: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.running.stop();
    await this.up(env);
  }

  async cacheLimit(): Promise<string | undefined> {
    const metrics = await (await fetch(`${this.running.urls.health.proxy}/metrics`)).text();
    return /^holdfast_cache_limit_bytes (\d+)$/m.exec(metrics)?.[1];
  }

  /** A device asks for what is upstream's to answer. */
  async relay(): Promise<void> {
    await fetch(`${this.running.urls.proxy}/v2/snaps/info/lab-hello`, {
      headers: { 'Snap-Device-Series': '16' },
    });
  }

  /** @returns what the program printed on standard output; what it said beside that is in `said` */
  async holdfast(
    args: readonly string[],
    input = '',
  ): Promise<{ readonly out: string; readonly said: string }> {
    const env = { ...process.env, HOLDFAST_URL: this.running.urls.control, HOLDFAST_TOKEN: this.token };
    const child = spawn(process.execPath, [CLI, ...args], { env });
    const closed = once(child, 'close');
    child.stdin.end(input);
    const [out, said] = await Promise.all([text(child.stdout), text(child.stderr)]);
    await closed;
    if (child.exitCode !== 0) throw new Error(`${args.join(' ')}: ${said}`);
    return { out, said };
  }

  async stop(): Promise<void> {
    await this.running.stop();
    await this.database.stop();
  }

  private async up(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const { ownerUrl } = this.database;
    this.running = await up({
      home: this.home,
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: ownerUrl,
        HOLDFAST_UPSTREAM_URL: 'http://127.0.0.1:9',
        ...env,
      },
      ports: { control: 0, proxy: 0 },
      log: (line) => this.log.push(line),
    });
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-config-'));
  first = await Site.start(join(folder, 'first'));
  second = await Site.start(join(folder, 'second'));
}, 240_000);

afterAll(async () => {
  await first?.stop();
  await second?.stop();
  await rm(folder, { recursive: true, force: true });
});

it('sets a key of a site that runs, which has it when it starts again', async () => {
  expect(await first.holdfast(['config', 'cache-size=3G', 'zone=Asia/Kathmandu', ...WHY])).toEqual({
    out: 'cache-size: 3G\nzone: Asia/Kathmandu\n',
    said:
      'cache-size is in force from the next start of proxy\n' +
      'zone is in force from the next start of control, worker\n',
  });
  expect(await first.cacheLimit()).toBe(String(8 * 1024 ** 3));
  await first.startAgain();
  expect(await first.cacheLimit()).toBe(String(3 * 1024 ** 3));
  expect((await first.holdfast(['config'])).out).toMatch(/^cache-size +3G +3G +site +-$/m);
  await first.startAgain({ HOLDFAST_CACHE_SIZE: '1G' });
  expect(await first.cacheLimit()).toBe(String(1024 ** 3));
  expect((await first.holdfast(['config'])).out).toMatch(/^cache-size +3G +1G +environment +-$/m);
}, 240_000);

it('makes another site the same', async () => {
  const { out } = await first.holdfast(['config', '--export-yaml']);
  expect(out).toBe('cache-size: 3G\nzone: Asia/Kathmandu\n');
  await second.holdfast(['config', '--import-yaml', ...WHY], out);
  expect((await second.holdfast(['config', '--export-yaml'])).out).toBe(out);
  await second.startAgain();
  expect(await second.cacheLimit()).toBe(String(3 * 1024 ** 3));
}, 240_000);

it('takes what the Snap Store Proxy exports, and says what it leaves behind', async () => {
  const exported =
    'proxy.cache.size: 4096\nproxy.db.connection: postgresql://me:secret@db/x\nproxy.hsm.token-pin: None\n';
  const { out, said } = await second.holdfast(['config', '--import-yaml', ...WHY], exported);
  expect(out).toBe('proxy.cache.size: 4096\n');
  expect(said).toMatch(/^proxy\.db\.connection is left behind: .*DATABASE_URL$/m);
  expect((await second.holdfast(['config', 'proxy.cache.size', 'cache-size'])).out).toBe(
    'proxy.cache.size: 4096\ncache-size: 4096\n',
  );
}, 120_000);

/** What every user of the machine can see of its processes, and what their owner can. */
async function processes(): Promise<string> {
  const pids = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name));
  const files = pids.flatMap((pid) => [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`]);
  // One that ended meanwhile, or is somebody else's.
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return texts.join('\n');
}

it('hands a secret to the servers that need it, and shows it to nobody unasked', async () => {
  const secret = 'hunter2-of-this-site';
  const file = 'secrets/setting.forward-proxy-credentials';
  const asked: string[] = [];
  const forwardProxy = createServer((request, response) => {
    asked.push(request.headers['proxy-authorization'] ?? 'nobody');
    response.writeHead(502).end();
  });
  await once(forwardProxy.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(forwardProxy.address() as AddressInfo).port}`;
  const set = ['config', `forward-proxy=${url}`, 'forward-proxy-credentials=-', ...WHY];
  expect(await first.holdfast(set, `holdfast:${secret}\n`)).toMatchObject({
    out: expect.stringMatching(/^forward-proxy-credentials: <set: [0-9a-f]{12}>$/m) as string,
    said: expect.stringContaining('forward-proxy-credentials is in force from the next start of') as string,
  });
  await first.startAgain();
  await first.relay();
  await vi.waitUntil(() => asked.length > 0, { timeout: 60_000, interval: 100 });
  expect(new Set(asked)).toEqual(new Set([`Basic ${Buffer.from(`holdfast:${secret}`).toString('base64')}`]));
  const listed = (await first.holdfast(['config'])).out;
  expect(listed).toMatch(/^forward-proxy-credentials +<set: ([0-9a-f]{12})> +<set: \1> +site +-$/m);

  const reveal = [
    'config',
    'forward-proxy-credentials',
    '--reveal',
    '--reason',
    'the admins of the proxy ask',
  ];
  expect((await first.holdfast(reveal)).out).toBe(`forward-proxy-credentials: holdfast:${secret}\n`);
  const trail = ['audit', 'list', '--stream', 'settings', '--format', 'json'];
  const recorded = async (): Promise<string> => (await first.holdfast(trail)).out;
  await vi.waitUntil(async () => (await recorded()).includes('SecretRevealed'), {
    timeout: 60_000,
    interval: 500,
  });
  const { out, said } = await first.holdfast(['config', '--export-yaml']);
  expect(said).toContain('forward-proxy-credentials is left out');
  for (const text of [listed, out, await recorded(), first.log.join(), await processes()])
    expect(text).not.toContain(secret);
  const stored = await textOfDatabase(first.database.ownerUrl);
  for (const form of [secret, Buffer.from(secret).toString('hex')]) expect(stored).not.toContain(form);
  const holding = [...(await filesIn(first.home))].filter(([, text]) => text.includes(secret));
  expect(holding.map(([name]) => name)).toEqual([file]);

  const whole = await first.holdfast(['config', '--export-yaml', '--with-secrets', ...WHY]);
  await second.holdfast(['config', '--import-yaml', ...WHY], whole.out);
  const again = await second.holdfast(['config', '--export-yaml', '--with-secrets', ...WHY]);
  expect(again.out).toBe(whole.out);
  expect(again.out).toContain(`forward-proxy-credentials: holdfast:${secret}\n`);

  await first.holdfast(['config', 'forward-proxy=', 'forward-proxy-credentials=', ...WHY]);
  await first.startAgain();
  expect((await filesIn(first.home)).has(file)).toBe(false);
  await new Promise((closed) => forwardProxy.close(closed));
}, 300_000);
