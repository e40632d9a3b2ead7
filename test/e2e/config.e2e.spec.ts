import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { up, type Running } from '#apps/host/src/up';
import { EmbeddedPostgres } from '#platform/database/embedded-postgres';
import { Board } from '#test/support/board';

const CLI = resolve(import.meta.dirname, '../../dist/apps/cli/src/main.js');
const WHY = ['--reason', 'the new disk is in place'];

let folder: string;
let first: Site;
let second: Site;

/** A site with a database of its own, which can be started again. */
class Site {
  private running!: Running;
  private token = '';

  private constructor(
    private readonly home: string,
    private readonly database: EmbeddedPostgres,
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
