import { rm, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SiteInAHome } from '#apps/host/fixtures/site-in-a-home';
import { joinAssertions } from '#snap';
import { AUTHORITY, DEVELOPER, TestAuthority, TIMESTAMP } from '#snap/testing/authority';
import { fixtureServer, goneServer, type FixtureServer } from '#upstream/testing/fixture-server';
import { hostProgram } from '../program.js';
import { writeRunFile } from '../run-file.js';

let site: SiteInAHome;
let ready: FixtureServer;
let waiting: FixtureServer;
beforeAll(async () => {
  site = await SiteInAHome.make();
  ready = await fixtureServer((_, response) => response.end('{}'));
  waiting = await fixtureServer((_, response) =>
    response.writeHead(503).end(JSON.stringify({ ready: false, waitsFor: ['lease', 'database'] })),
  );
});
afterEach(async () => {
  process.exitCode = undefined;
  await rm(site.home.runFile(), { force: true });
  await rm(site.home.secret('registration.assert'), { force: true });
});
afterAll(async () => {
  await site[Symbol.asyncDispose]();
  for (const each of [ready, waiting]) await each[Symbol.asyncDispose]();
});

async function run(env: NodeJS.ProcessEnv = {}, ...argv: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const own = { HOLDFAST_HOME: site.home.folder, DATABASE_URL: site.ownerUrl, ...env };
  await hostProgram(own, (line) => lines.push(line)).parseAsync(['store-status', ...argv], { from: 'user' });
  return lines.join('\n');
}

describe('store-status', () => {
  it('says what is not there yet, and stays YAML', async () => {
    expect(parse(await run())).toEqual({
      'Store URL': 'not configured (set HOLDFAST_PROXY_URL)',
      'Store DB': 'ok',
      'Store ID': 'not registered',
      'Internal Service Status': {
        control: 'not running',
        worker: 'not running',
        projector: 'not running',
        proxy: 'not running',
      },
    });
    expect(process.exitCode).toBe(1);
  });

  it('shows a registered store whose servers run', async () => {
    const authority = new TestAuthority();
    const store = authority.sign('store', {
      'authority-id': AUTHORITY,
      store: 'lab-proxy',
      'operator-id': DEVELOPER,
      url: 'https://store.site.example',
      timestamp: TIMESTAMP,
    });
    await writeFile(site.home.secret('registration.assert'), joinAssertions([store]));
    const { url } = ready;
    const health = { control: url, worker: waiting.url, projector: url, proxy: url };
    await writeRunFile(site.home.runFile(), { control: url, proxy: url, health });
    expect((await run()).split('\n')).toEqual([
      'Store URL: https://store.site.example',
      'Store DB: ok',
      'Store ID: lab-proxy',
      'Internal Service Status:',
      '  control: running',
      '  worker: running, waits for lease, database',
      '  projector: running',
      '  proxy: running',
    ]);
    expect(process.exitCode).toBeUndefined();
    expect(JSON.parse(await run({}, '--format', 'json'))).toMatchObject({ storeId: 'lab-proxy' });
  });

  it('says why of a server and a database that do not answer', async () => {
    const gone = await goneServer();
    const health = { control: gone, worker: gone, projector: gone, proxy: gone };
    await writeRunFile(site.home.runFile(), { control: gone, proxy: gone, health });
    const shown = parse(
      await run({ DATABASE_URL: `${gone.replace('http', 'postgres')}/holdfast` }),
    ) as Record<string, unknown>;
    expect(shown['Store DB']).toMatch(/^not ok: .*ECONNREFUSED/);
    expect(shown['Internal Service Status']).toMatchObject({
      proxy: expect.stringMatching(/^not running: /) as unknown,
    });
  });
});
