import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProxyConfig } from '#apps/proxy/src/config';
import { loadConfig } from '#platform/config';
import { readPair } from '#platform/tls/tls-pair';
import { TestAuthority } from '#platform/tls/testing/test-authority';
import { hostProgram } from '../program.js';
import { readIncumbentOverrides } from './incumbent-overrides.js';

const { pem, keyPem } = TestAuthority.root().server(['snaps.site.example']);
const indented = (text: string): string => text.trimEnd().replaceAll('\n', '\n  ');

/** As the reference of its keys has it: defaults, what a site sets, and secrets. */
const CONFIG = `
proxy.domain: snaps.site.example
proxy.ipaddress: '[::]'
proxy.port.http: 80
proxy.port.https: 443
proxy.port.snapauth: 8005
proxy.upstream: https://api.snapcraft.io
proxy.https.proxy: http://holdfast:s3%40cret@proxy.site.example:3128
proxy.cache.size: 4096
proxy.auth.secret: AUTH-SECRET
proxy.key.private: PRIVATE-KEY
proxy.db.connection: postgresql://snapproxy:DB-SECRET@db.site.example:5432/snapproxy
proxy.admin-emails: '["ops@site.example"]'
proxy.airgap: False
proxy.hsm.token-pin: None
proxy.device-auth.allowed-device-service-urls: '["https://sv1.internal", "https://sv2.internal/v1"]'
proxy.tls.cert: |
  ${indented(pem)}
proxy.tls.key: |
  ${indented(keyPem)}
internal.store.id: lab-proxy
`;
const OVERRIDES = `core18 stable amd64 1722 (upstream 1705)
core18 stable armhf 1725 (upstream 1706)

lab-hello v1/stable amd64 7 (upstream 9)
`;

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'holdfast-migrate-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (...names: string[]): string => join(folder, ...names);

async function run(files: Readonly<Record<string, string>>): Promise<string> {
  const lines: string[] = [];
  const options: string[] = [];
  for (const [name, text] of Object.entries(files)) {
    await writeFile(at(name), text);
    options.push(`--${name}`, at(name));
  }
  const program = await hostProgram('migrate', {}, (line) => lines.push(line));
  await program.parseAsync(['migrate', ...options, '--to', at('moved')], { from: 'user' });
  return lines.join('\n');
}

const written = (name: string): Promise<string> => readFile(at('moved', name), 'utf8');
const settings = async () => parseEnv(await written('environment'));

describe('migrate', () => {
  it('turns an exported configuration into settings that the proxy takes', async () => {
    await run({ config: CONFIG });
    expect(await settings()).toEqual({
      HOLDFAST_PROXY_URL: 'https://snaps.site.example',
      HOLDFAST_PROXY_HOST: '::',
      HOLDFAST_PROXY_PORT: '443',
      HOLDFAST_PROXY_REDIRECT_PORT: '80',
      HOLDFAST_FORWARD_PROXY: 'http://proxy.site.example:3128',
      HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE: at('moved', 'forward-proxy-credentials'),
      HOLDFAST_CACHE_SIZE: '4096',
      HOLDFAST_DEVICE_SERVICES: 'https://sv1.internal,https://sv2.internal/v1',
    });
    const enough = {
      DATABASE_URL: 'postgres://p@db/h',
      HOLDFAST_POLICY_VKEY_FILE: 'v',
      HOLDFAST_PROXY_KEY_FILE: 'k',
    };
    const folders = { HOLDFAST_KEPT_DIR: 'kept', HOLDFAST_CACHE_DIR: 'cache' };
    expect(loadConfig(ProxyConfig, { ...enough, ...folders, ...(await settings()) })).toMatchObject({
      publicUrl: 'https://snaps.site.example',
      cacheBytes: 4 * 1024 ** 3,
    });
  });

  it('hands certificate and credentials on in files of one’s own, and says no secret', async () => {
    const told = await run({ config: CONFIG });
    expect(readPair(await written('certificate.pem')).leaf.subject).toContain('snaps.site.example');
    expect(await written('forward-proxy-credentials')).toBe('holdfast:s3@cret\n');
    expect((await stat(at('moved'))).mode & 0o777).toBe(0o700);
    for (const name of await readdir(at('moved')))
      expect((await stat(at('moved', name))).mode & 0o777).toBe(0o600);
    for (const secret of ['s3', 'PRIVATE-KEY', 'AUTH-SECRET', 'DB-SECRET', keyPem.slice(40, 60)])
      expect(told).not.toContain(secret);
  });

  it('says how the forward proxy’s credentials become a secret setting, and that their file then goes', async () => {
    const file = at('moved', 'forward-proxy-credentials');
    expect((await run({ config: CONFIG })).split('\n').slice(4, 6)).toEqual([
      `4. as an operator: holdfast config forward-proxy=http://proxy.site.example:3128 forward-proxy-credentials=- --reason "moved from the Snap Store Proxy" <${file}`,
      `5. take HOLDFAST_FORWARD_PROXY and HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE, which win over that, out of the servers' settings, and start them again; once holdfast check-connections reaches all without them: rm ${file}`,
    ]);
  });

  it('has no such step, and no file, for a forward proxy that asks for none', async () => {
    const told = await run({ config: CONFIG.replace('holdfast:s3%40cret@', '') });
    expect(await settings()).toMatchObject({ HOLDFAST_FORWARD_PROXY: 'http://proxy.site.example:3128' });
    expect(Object.keys(await settings())).not.toContain('HOLDFAST_FORWARD_PROXY_CREDENTIALS_FILE');
    expect(await readdir(at('moved'))).not.toContain('forward-proxy-credentials');
    expect(told).not.toContain('forward-proxy');
  });

  it('takes a password with a percent sign as it is', async () => {
    await run({ config: CONFIG.replace('s3%40cret', '100%') });
    expect(await written('forward-proxy-credentials')).toBe('holdfast:100%\n');
  });

  it.each([
    ['a colon in its user', 'hold%3Afast:s3cret@'],
    ['a line break in its password', 'holdfast:s3%0Acret@'],
    ['no user', ':s3cret@'],
  ])('takes no credentials with %s, and says so without them', async (_what, credentials) => {
    const told = await run({ config: CONFIG.replace('holdfast:s3%40cret@', credentials) });
    expect(told).toContain('note: proxy.https.proxy has a user or a password that no proxy can be told');
    expect(told).not.toContain('s3');
    expect(await settings()).toMatchObject({ HOLDFAST_FORWARD_PROXY: 'http://proxy.site.example:3128' });
    expect(await readdir(at('moved'))).not.toContain('forward-proxy-credentials');
  });

  it.each(['socks5://proxy.site.example', 'http://a$(id)b.example', 'http://a;id.example', 'proxy:3128'])(
    'takes no forward proxy that is no plain address: %s',
    async (url) => {
      const told = await run({
        config: CONFIG.replace(/proxy\.https\.proxy: .*/, `proxy.https.proxy: '${url}'`),
      });
      expect(told).toContain('note: proxy.https.proxy is no http(s) URL');
      expect(told).not.toContain(url);
      expect(Object.keys(await settings())).not.toContain('HOLDFAST_FORWARD_PROXY');
    },
  );

  it('says why of each key that it leaves behind, and passes over what is not set', async () => {
    const told = await run({ config: CONFIG });
    expect(told).toContain('proxy.db.connection is left behind: Holdfast has a database of its own');
    expect(told).toContain('proxy.admin-emails is left behind: people are enrolled by name');
    expect(told).not.toContain('proxy.hsm.token-pin');
    expect(told).not.toContain('proxy.domain is');
  });

  const lines = (count: number) =>
    Array.from({ length: count }, (_, n) => `snap-${n} stable amd64 ${n + 1}\n`).join('');
  const namesIn = async (file: string) =>
    (JSON.parse(await written(file)) as { snap_name: string }[]).map(({ snap_name: name }) => name);

  it('makes one file, for one change request, of all the overrides of a site', async () => {
    const told = await run({ config: CONFIG, overrides: lines(300) });
    expect(await namesIn('overrides.json')).toEqual(Array.from({ length: 300 }, (_, n) => `snap-${n}`));
    expect(told).toMatch(/overrides\.json CONTROL\/v2\/metadata\/overrides: one change request with 300,/);
    expect(told).not.toContain('overrides-1.json');
  });

  it('says of one address that it is the old host’s, and of others nothing', async () => {
    expect(await run({ config: CONFIG })).not.toContain('HOLDFAST_PROXY_HOST');
    await rm(at('moved'), { recursive: true });
    expect(await run({ config: CONFIG.replace("'[::]'", '10.20.0.7') })).toContain(
      'note: HOLDFAST_PROXY_HOST is 10.20.0.7, where the Snap Store Proxy listens: on another host,',
    );
  });

  it('makes a file for each change request where there are more overrides than one takes', async () => {
    const told = await run({ config: CONFIG, overrides: lines(2_300) });
    const files = await Promise.all([1, 2, 3].map((n) => namesIn(`overrides-${n}.json`)));
    expect(files.map(({ length }) => length)).toEqual([1_000, 1_000, 300]);
    expect(files.flat()).toEqual(Array.from({ length: 2_300 }, (_, n) => `snap-${n}`));
    expect(told).toMatch(/overrides-1\.json CONTROL\/v2\/metadata\/overrides: one change request with 1000,/);
    expect(told).toMatch(/overrides-3\.json CONTROL\/v2\/metadata\/overrides: one change request with 300,/);
  });

  it('makes one batch of all overrides, a revision of two architectures once', async () => {
    const told = await run({ config: CONFIG, overrides: OVERRIDES + OVERRIDES });
    expect(JSON.parse(await written('overrides.json'))).toEqual([
      { snap_name: 'core18', revision: 1722, channel: 'stable', series: '16' },
      { snap_name: 'core18', revision: 1725, channel: 'stable', series: '16' },
      { snap_name: 'lab-hello', revision: 7, channel: 'v1/stable', series: '16' },
    ]);
    expect(told).toContain('one change request with 3');
  });

  it('reads nested keys, a site without TLS, and its REST answers', async () => {
    const config = 'proxy:\n  domain: snaps.site.example\n  port:\n    http: 8080\n';
    const item = { snap_id: 'x', upstream_revision: 9, architecture: 'amd64', series: '16' };
    const overrides = JSON.stringify([
      { overrides: [{ ...item, snap_name: 'jq', revision: 6, channel: 'stable' }] },
    ]);
    await run({ config, overrides });
    expect(await settings()).toMatchObject({
      HOLDFAST_PROXY_URL: 'http://snaps.site.example:8080',
      HOLDFAST_PROXY_PORT: '8080',
    });
    expect(JSON.parse(await written('overrides.json'))).toHaveLength(1);
  });

  it.each([
    ['no YAML', { config: 'a: [' }, 'no YAML'],
    [
      'a domain that is none',
      { config: CONFIG.replace('snaps.site.example', 'snaps site') },
      'proxy.domain with its port makes no address',
    ],
    ['another program’s configuration', { config: 'server:\n  port: 1\n' }, 'no key that begins with proxy.'],
    ['a bomb of aliases', { config: 'a: &a [1]\nproxy.x: [*a, *a]\n' }, 'no YAML'],
    [
      'a line that is none',
      { config: CONFIG, overrides: 'core18 stable amd64 newest' },
      "overrides' line 1 has no revision",
    ],
    [
      'a channel that is none',
      { config: CONFIG, overrides: 'core18 sta/ble/x/y amd64 7' },
      'line 1 has no channel',
    ],
    ['JSON that is none', { config: CONFIG, overrides: '[{' }, 'begin like JSON'],
    ['a registration that is none', { config: CONFIG, registration: 'x' }, 'no registration of a store'],
  ])('refuses %s, and writes nothing', async (_what, files, message) => {
    await expect(run(files)).rejects.toThrow(message);
    expect(await stat(at('moved')).catch(() => undefined)).toBeUndefined();
  });

  it('writes into no folder that has something in it, and leaves that as it is', async () => {
    const changed = CONFIG.replace('s3%40cret', 'another');
    await run({ config: CONFIG });
    await expect(run({ config: changed })).rejects.toMatchObject({ code: 'folder-not-empty' });
    expect(await written('forward-proxy-credentials')).toBe('holdfast:s3@cret\n');
    // Its steps done, the secret is gone from it, and does not come back.
    await rm(at('moved', 'forward-proxy-credentials'));
    await expect(run({ config: CONFIG })).rejects.toMatchObject({ code: 'folder-not-empty' });
    expect(await readdir(at('moved'))).not.toContain('forward-proxy-credentials');
  });
});

it('overrides are read from one answer as well', () => {
  const answer = { overrides: [{ snap_name: 'jq', revision: 6, channel: 'stable' }] };
  expect(readIncumbentOverrides(JSON.stringify(answer))).toHaveLength(1);
});
