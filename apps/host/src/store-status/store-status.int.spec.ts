import { rm, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SiteInAHome } from '#apps/host/fixtures/site-in-a-home';
import { append } from '#apps/projector/fixtures/history';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import type { Installed } from '#fleet/domain/deliveries/record';
import { recordedEvent } from '#fleet/testing/recorded-event';
import { uuidv7 } from '#kernel';
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
  const program = await hostProgram('store-status', own, (line) => lines.push(line));
  await program.parseAsync(['store-status', ...argv], { from: 'user' });
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

  it('counts the devices that have said what they have, each once, and none without a session', async () => {
    const says = (minute: number, serial: string | null): Installed => ({
      at: `2026-11-26T12:0${minute}:00.000Z`,
      what: 'installed',
      device: serial === null ? null : { brand: 'lab', model: 'box', serial, proof: 'store' },
      architecture: 'amd64',
      report: String(minute).padStart(64, '0'),
      snaps: [],
      left: 0,
      position: '1',
    });
    expect(await run()).not.toContain('Connected');
    const store = new PostgresEventStore(site.ownerUrl);
    await append(store, recordedEvent('dmz-1', says(1, '1'), says(2, '2'), says(3, null)).envelope);
    await append(store, { ...recordedEvent('dmz-2', says(4, '1')).envelope, id: uuidv7() });
    await store.close();
    await site.seal();
    expect((await run()).split('\n').slice(2, 4)).toEqual([
      'Store ID: not registered',
      'Connected Devices (updated daily): 2',
    ]);
    expect(JSON.parse(await run({}, '--format', 'json'))).toMatchObject({ devices: 2 });
  });
});
