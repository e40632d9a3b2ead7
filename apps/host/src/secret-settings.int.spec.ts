import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setCredentials } from '../fixtures/set-credentials.js';
import { askStub } from './fixtures/ask-stub.js';
import { OwnCluster } from './fixtures/own-cluster.js';
import { StubbedSite } from './fixtures/stubbed-site.js';
import { hostProgram } from './program.js';
import { keyOf } from './secret-files.js';
import { settingFile } from './setting-files.js';
import { withSiteSettings } from './site-settings.js';

const key = 'forward-proxy-credentials';
const VARIABLE = 'HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE';

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

const set = async (credentials: string | null): Promise<void> =>
  setCredentials(site.ownerUrl, await keyOf(site.home.secret('site.key'), false), credentials);

const credentials = () => readFile(settingFile(site.home, key), 'utf8');
const written = async () => readFile(site.home.settingsFile(), 'utf8');

describe('a secret setting of a site', () => {
  it('is in a file for the servers that take it, and nowhere else on the disk', async () => {
    await site.start();
    await set('me:hunter2');
    const { urls } = await site.start();
    const file = settingFile(site.home, key);
    expect(await credentials()).toBe('me:hunter2\n');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await askStub(urls.proxy)).env).toMatchObject({ [VARIABLE]: file });
    // It asks the identity provider by it.
    expect((await askStub(urls.control)).env).toMatchObject({ [VARIABLE]: file });
    expect((await askStub(urls.control)).env).not.toHaveProperty('HOLDFAST_SSO_CLIENT_SECRET_FILE');
    expect(JSON.stringify(await askStub(urls.proxy))).not.toContain('hunter2');
    expect(await written()).toMatch(/"secrets": \{\s*"forward-proxy-credentials": "[0-9a-f]{64}"/);
    expect(await written()).not.toContain('hunter2');
    expect(site.lines.join()).not.toContain('hunter2');
    const env = { HOLDFAST_HOME: site.home.folder };
    expect(withSiteSettings(env)).toMatchObject({ [VARIABLE]: file });
    expect(withSiteSettings({ ...env, [VARIABLE]: '/etc/other' })).toMatchObject({
      [VARIABLE]: '/etc/other',
    });
  });

  it('is another at the next start, and none when it was given up', async () => {
    await site.start();
    await set('me:hunter2');
    await site.start();
    await set('me:another');
    await chmod(settingFile(site.home, key), 0o644);
    await site.start();
    expect(await credentials()).toBe('me:another\n');
    expect((await stat(settingFile(site.home, key))).mode & 0o777).toBe(0o600);
    await set(null);
    const { urls } = await site.start();
    await expect(credentials()).rejects.toThrow('ENOENT');
    expect((await askStub(urls.proxy)).env).not.toHaveProperty(VARIABLE);
  });

  it('gives way to the environment', async () => {
    await site.start();
    await set('me:hunter2');
    const { urls } = await site.start({ [VARIABLE]: '/etc/holdfast/forward-proxy' });
    expect((await askStub(urls.proxy)).env).toMatchObject({ [VARIABLE]: '/etc/holdfast/forward-proxy' });
    expect(JSON.parse(await written())).toMatchObject({
      environment: { [key]: '/etc/holdfast/forward-proxy' },
    });
  });

  it('that is lost stops the start with the way out', async () => {
    await site.start();
    await set('me:hunter2');
    await cluster.rows(site.ownerUrl, `update site.sealed_setting set sealed = sealed || '\\x00'`);
    await expect(site.start()).rejects.toMatchObject({
      sentences: [expect.stringMatching(new RegExp(`^${key} is set, but .*${VARIABLE}.*config ${key}=-`))],
    });
    await site.start({ [VARIABLE]: '/etc/holdfast/forward-proxy' });
    await set('me:hunter2');
    await site.start();
    expect(await credentials()).toBe('me:hunter2\n');
  });

  it('serves while the database is away from its file, and then as it is set', async () => {
    await site.start();
    await set('me:first');
    await site.start();
    await set('me:second');
    await site.stop();
    await mkdir(path.join(site.home.cache(), 'policy'), { recursive: true });
    await writeFile(path.join(site.home.cache(), 'policy/default.json'), '{}');
    await cluster.takeAway(site.ownerUrl);
    const serving = Promise.withResolvers<string>();
    const starting = site.start({}, serving.resolve);
    const first = await askStub(await serving.promise);
    expect(first.env).toMatchObject({ [VARIABLE]: settingFile(site.home, key) });
    expect(await credentials()).toBe('me:first\n');
    await cluster.bringBack(site.ownerUrl);
    const second = await askStub((await starting).urls.proxy);
    expect(await credentials()).toBe('me:second\n');
    // Only the file is another: it was started again for that.
    expect(second.env).toEqual({ ...first.env, HOLDFAST_PROXY_PORT: expect.any(String) as string });
    expect(() => process.kill(first.pid, 0)).toThrow('ESRCH');
  });

  it('is in the folders of the servers that take it, when somebody else starts them', async () => {
    await site.start();
    await set('me:hunter2');
    await site.stop();
    const prepareServers = async () => {
      const env = { HOLDFAST_HOME: site.home.folder, DATABASE_URL: site.ownerUrl };
      const program = await hostProgram('prepare', env, (line) => site.lines.push(line));
      await program.parseAsync(['prepare', '--servers'], { from: 'user' });
    };
    await prepareServers();
    for (const server of ['control', 'worker', 'proxy']) {
      const copy = path.join(site.home.server(server), `setting.${key}`);
      expect(await readFile(copy, 'utf8')).toBe('me:hunter2\n');
      expect((await stat(copy)).mode & 0o777).toBe(0o600);
      expect(await readFile(path.join(site.home.server(server), 'environment'), 'utf8')).toContain(
        `${VARIABLE}="${copy}"\n`,
      );
    }
    await expect(readFile(path.join(site.home.server('projector'), `setting.${key}`))).rejects.toThrow(
      'ENOENT',
    );
    await set(null);
    await prepareServers();
    await expect(readFile(path.join(site.home.server('proxy'), `setting.${key}`))).rejects.toThrow('ENOENT');
    expect(await readFile(path.join(site.home.server('proxy'), 'environment'), 'utf8')).not.toContain(
      VARIABLE,
    );
  });
});
