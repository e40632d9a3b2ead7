import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { StreamWriter } from '#platform/decide-and-append';
import { settings, SETTINGS_STREAM, type SettingChange } from '#site/domain/settings/settings';
import { byPerson } from '#test/support/decider-specification';
import { askStub } from './fixtures/ask-stub.js';
import { OwnCluster } from './fixtures/own-cluster.js';
import { StubbedSite } from './fixtures/stubbed-site.js';
import { hostProgram } from './program.js';
import { withSiteSettings } from './site-settings.js';

let cluster: OwnCluster;
beforeAll(async () => {
  cluster = await OwnCluster.start();
});
afterAll(() => cluster.stop());

let site: StubbedSite;
beforeEach(async () => {
  site = await StubbedSite.in(cluster);
});
afterEach(() => site.close());

/** As an operator does at control. */
async function set(...changes: readonly SettingChange[]): Promise<void> {
  const store = new PostgresEventStore(site.ownerUrl);
  try {
    const context = byPerson('olga', ['operator'], { auth: 'commissioning' });
    const command = { type: 'ChangeSettings', context, changes, refused: () => [] } as const;
    await new StreamWriter(store, 'Etc/UTC').decideAndAppend(settings, SETTINGS_STREAM, command);
  } finally {
    await store.close();
  }
}

const written = async (): Promise<unknown> => JSON.parse(await readFile(site.home.settingsFile(), 'utf8'));

describe('a site whose people set something', () => {
  it('is told of it at the next start, and each server of what it reads', async () => {
    await site.start();
    await set({ key: 'cache-size', value: '16G' }, { key: 'zone', value: 'Europe/Zurich' });
    await site.stop();
    const { urls } = await site.start();
    expect((await askStub(urls.proxy)).env).toMatchObject({ HOLDFAST_CACHE_SIZE: '16G' });
    const control = (await askStub(urls.control)).env;
    expect(control).toMatchObject({
      HOLDFAST_ZONE: 'Europe/Zurich',
      HOLDFAST_SETTINGS_FILE: site.home.settingsFile(),
    });
    expect(control).not.toHaveProperty('HOLDFAST_CACHE_SIZE');
  });

  it('does as the environment says where both say something, and writes down who said what', async () => {
    await site.start();
    await set({ key: 'cache-size', value: '16G' }, { key: 'log-level', value: 'debug' });
    await site.stop();
    const { urls } = await site.start({ HOLDFAST_CACHE_SIZE: '4G', HOLDFAST_LOG_LEVEL: '' });
    expect((await askStub(urls.proxy)).env).toMatchObject({
      HOLDFAST_CACHE_SIZE: '4G',
      HOLDFAST_LOG_LEVEL: 'debug',
    });
    expect(await written()).toMatchObject({
      stored: { 'cache-size': '16G', 'log-level': 'debug' },
      environment: { 'cache-size': '4G', 'proxy-port': '0' },
    });
    const told = withSiteSettings({
      HOLDFAST_HOME: site.home.folder,
      HOLDFAST_CACHE_SIZE: '2G',
      HOLDFAST_ZONE: '',
    });
    expect(told).toMatchObject({ HOLDFAST_CACHE_SIZE: '2G', HOLDFAST_LOG_LEVEL: 'debug' });
  });

  it('tells a command on its host what its servers were started with, while they run', async () => {
    const said = {
      HOLDFAST_UPSTREAM_URL: 'https://store.example',
      HOLDFAST_DEVICE_SERVICES: 'https://serials.example',
    };
    await site.start(said);
    const home = { HOLDFAST_HOME: site.home.folder };
    expect(withSiteSettings(home)).toMatchObject(said);
    const other = { HOLDFAST_UPSTREAM_URL: 'https://other.example' };
    expect(withSiteSettings({ ...home, ...other })).toMatchObject({ ...said, ...other });
    await site.stop();
    expect(withSiteSettings(home)).not.toHaveProperty('HOLDFAST_UPSTREAM_URL');
    expect(withSiteSettings(home)).not.toHaveProperty('HOLDFAST_DEVICE_SERVICES');
  });

  it('is not started with what its servers would refuse, and is with what the environment says in its place', async () => {
    await site.start();
    await set({ key: 'cache-size', value: 'as it was written by an earlier release' });
    await site.stop();
    await expect(site.start()).rejects.toMatchObject({
      sentences: [
        expect.stringMatching(/^cache-size is "as it was written .*": it must be a size/),
        expect.stringContaining('"HOLDFAST_CACHE_SIZE=VALUE holdfast up"'),
      ],
    });
    const { urls } = await site.start({ HOLDFAST_CACHE_SIZE: '4G' });
    expect((await askStub(urls.proxy)).env).toMatchObject({ HOLDFAST_CACHE_SIZE: '4G' });
  });

  it('says how addresses with a password in them are mended while control cannot start, and starts so', async () => {
    await site.start();
    await set(
      { key: 'proxy-url', value: 'https://me:hunter2@snaps.example' },
      { key: 'control-url', value: 'https://me:hunter2@control.example' },
    );
    await site.stop();
    const wrong: readonly unknown[] = [
      expect.stringMatching(/^control-url is "https:\/\/…@control\.example": it must have no user/),
      expect.stringMatching(/^proxy-url is "https:\/\/…@snaps\.example": it must have no user/),
    ];
    const mend =
      'then say "holdfast config control-url=VALUE proxy-url=VALUE --reason …", take that out of the environment, and start again.';
    await expect(site.start()).rejects.toMatchObject({
      sentences: [
        ...wrong,
        `The site's people set that, and its servers do not start with it. To mend it, start them with "HOLDFAST_CONTROL_URL=VALUE HOLDFAST_PROXY_URL=VALUE holdfast up", with what is right; ${mend}`,
      ],
    });
    const right = {
      HOLDFAST_CONTROL_URL: 'https://control.example',
      HOLDFAST_PROXY_URL: 'https://snaps.example',
    };
    const { urls } = await site.start(right);
    for (const url of [urls.control, urls.proxy])
      expect((await askStub(url)).env).toMatchObject({ HOLDFAST_CONTROL_URL: right.HOLDFAST_CONTROL_URL });
    await site.stop();

    const printed: string[] = [];
    const env = { HOLDFAST_HOME: site.home.folder, DATABASE_URL: site.ownerUrl };
    const prepare = await hostProgram('prepare', env, (line) => printed.push(line));
    await prepare.parseAsync(['prepare', '--servers'], { from: 'user' });
    expect(printed.slice(1)).toEqual([
      ...wrong,
      `The site's people set that, and its servers do not start with it. To mend it, put HOLDFAST_CONTROL_URL=VALUE HOLDFAST_PROXY_URL=VALUE into the environment of control and proxy, where it wins over their file in servers/, and start them, with what is right; ${mend}`,
    ]);
    for (const line of [...printed, ...site.lines]) expect(line).not.toContain('hunter2');
  });

  it('is served while the database is away by what was in force, and then by what is set', async () => {
    await site.start();
    await set({ key: 'forward-proxy', value: 'http://first.example:3128' });
    await site.stop();
    await site.start();
    await set({ key: 'forward-proxy', value: 'http://second.example:3128' });
    await site.stop();
    await mkdir(path.join(site.home.cache(), 'policy'), { recursive: true });
    await writeFile(path.join(site.home.cache(), 'policy/default.json'), '{}');
    await cluster.takeAway(site.ownerUrl);
    const serving = Promise.withResolvers<string>();
    const starting = site.start({}, serving.resolve);
    const first = await askStub(await serving.promise);
    expect(first.env).toMatchObject({ HOLDFAST_FORWARD_PROXY: 'http://first.example:3128' });
    await cluster.bringBack(site.ownerUrl);
    const second = await askStub((await starting).urls.proxy);
    expect(second.env).toMatchObject({ HOLDFAST_FORWARD_PROXY: 'http://second.example:3128' });
    expect(() => process.kill(first.pid, 0)).toThrow('ESRCH');
  });

  it('says so when somebody altered what was in force', async () => {
    await writeFile(site.home.settingsFile(), '{"stored":{}}');
    expect(() => withSiteSettings({ HOLDFAST_HOME: site.home.folder })).toThrow(
      expect.objectContaining({ code: 'settings-file-damaged' }),
    );
  });
});
