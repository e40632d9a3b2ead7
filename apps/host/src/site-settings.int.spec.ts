import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { StreamWriter } from '#platform/decide-and-append';
import { settings, SETTINGS_STREAM, type SettingChange } from '#site/domain/settings/settings';
import { byPerson } from '#test/support/decider-specification';
import { askStub } from './fixtures/ask-stub.js';
import { OwnCluster } from './fixtures/own-cluster.js';
import { Home } from './home.js';
import { withSiteSettings } from './site-settings.js';
import { up, type Running } from './up.js';

const STUB = path.join(import.meta.dirname, 'fixtures/stub-server.mjs');

let cluster: OwnCluster;
beforeAll(async () => {
  cluster = await OwnCluster.start();
});
afterAll(() => cluster.stop());

let home: Home;
let ownerUrl: string;
let running: Running | undefined;
const lines: string[] = [];

beforeEach(async () => {
  home = new Home(await mkdtemp(path.join(tmpdir(), 'holdfast-site-settings-')));
  ownerUrl = await cluster.database();
  lines.length = 0;
});
afterEach(async () => {
  await running?.stop();
  await rm(home.folder, { recursive: true, force: true });
});

async function start(
  env: Readonly<Record<string, string>> = {},
  onServing?: (url: string) => void,
): Promise<Running> {
  running = await up({
    home: home.folder,
    env: { PATH: process.env['PATH'], DATABASE_URL: ownerUrl, ...env },
    ports: { control: 0, proxy: 0 },
    log: (line) => lines.push(line),
    program: () => STUB,
    ...(onServing ? { onServing } : {}),
  });
  return running;
}

/** As an operator does at control. */
async function set(...changes: readonly SettingChange[]): Promise<void> {
  const store = new PostgresEventStore(ownerUrl);
  try {
    const context = byPerson('olga', ['operator']);
    const command = { type: 'ChangeSettings', context, changes, refused: () => [] } as const;
    await new StreamWriter(store, 'Etc/UTC').decideAndAppend(settings, SETTINGS_STREAM, command);
  } finally {
    await store.close();
  }
}

const written = async (): Promise<unknown> => JSON.parse(await readFile(home.settingsFile(), 'utf8'));

describe('a site whose people set something', () => {
  it('is told of it at the next start, and each server of what it reads', async () => {
    await start();
    await set({ key: 'cache-size', value: '16G' }, { key: 'zone', value: 'Europe/Zurich' });
    await running?.stop();
    const { urls } = await start();
    expect((await askStub(urls.proxy)).env).toMatchObject({ HOLDFAST_CACHE_SIZE: '16G' });
    const control = (await askStub(urls.control)).env;
    expect(control).toMatchObject({
      HOLDFAST_ZONE: 'Europe/Zurich',
      HOLDFAST_SETTINGS_FILE: home.settingsFile(),
    });
    expect(control).not.toHaveProperty('HOLDFAST_CACHE_SIZE');
  });

  it('does as the environment says where both say something, and writes down who said what', async () => {
    await start();
    await set({ key: 'cache-size', value: '16G' }, { key: 'log-level', value: 'debug' });
    await running?.stop();
    const { urls } = await start({ HOLDFAST_CACHE_SIZE: '4G', HOLDFAST_LOG_LEVEL: '' });
    expect((await askStub(urls.proxy)).env).toMatchObject({
      HOLDFAST_CACHE_SIZE: '4G',
      HOLDFAST_LOG_LEVEL: 'debug',
    });
    expect(await written()).toMatchObject({
      stored: { 'cache-size': '16G', 'log-level': 'debug' },
      environment: { 'cache-size': '4G', 'proxy-port': '0' },
    });
    const told = withSiteSettings({
      HOLDFAST_HOME: home.folder,
      HOLDFAST_CACHE_SIZE: '2G',
      HOLDFAST_ZONE: '',
    });
    expect(told).toMatchObject({ HOLDFAST_CACHE_SIZE: '2G', HOLDFAST_LOG_LEVEL: 'debug' });
  });

  it('is not started with what its servers would refuse, and is with what the environment says in its place', async () => {
    await start();
    await set({ key: 'cache-size', value: 'as it was written by an earlier release' });
    await running?.stop();
    await expect(start()).rejects.toMatchObject({
      sentences: [
        expect.stringMatching(/^cache-size is "as it was written .*": it must be a size/),
        expect.stringContaining('A variable in the environment'),
      ],
    });
    const { urls } = await start({ HOLDFAST_CACHE_SIZE: '4G' });
    expect((await askStub(urls.proxy)).env).toMatchObject({ HOLDFAST_CACHE_SIZE: '4G' });
  });

  it('is served while the database is away by what was in force, and then by what is set', async () => {
    await start();
    await set({ key: 'forward-proxy', value: 'http://first.example:3128' });
    await running?.stop();
    await start();
    await set({ key: 'forward-proxy', value: 'http://second.example:3128' });
    await running?.stop();
    await mkdir(path.join(home.cache(), 'policy'), { recursive: true });
    await writeFile(path.join(home.cache(), 'policy/default.json'), '{}');
    await cluster.takeAway(ownerUrl);
    const serving = Promise.withResolvers<string>();
    const starting = start({}, serving.resolve);
    const first = await askStub(await serving.promise);
    expect(first.env).toMatchObject({ HOLDFAST_FORWARD_PROXY: 'http://first.example:3128' });
    await cluster.bringBack(ownerUrl);
    const second = await askStub((await starting).urls.proxy);
    expect(second.env).toMatchObject({ HOLDFAST_FORWARD_PROXY: 'http://second.example:3128' });
    expect(() => process.kill(first.pid, 0)).toThrow('ESRCH');
  });

  it('says so when somebody altered what was in force', async () => {
    await writeFile(home.settingsFile(), '{"stored":{}}');
    expect(() => withSiteSettings({ HOLDFAST_HOME: home.folder })).toThrow(
      expect.objectContaining({ code: 'settings-file-damaged' }),
    );
  });
});
