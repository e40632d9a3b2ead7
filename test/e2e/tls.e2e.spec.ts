import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { freePort } from '#platform/database/free-port';
import type { Report } from '#platform/health/readiness';
import { askOn, certificateOf, openTls } from '#platform/tls/testing/certificate-of';
import { TestAuthority } from '#platform/tls/testing/test-authority';
import { holdfastAt, importCertificate, restartForHttps } from '#test/support/import-certificate';
import { startSite, type TestSite } from '#test/support/site';

let folder: string;
let upstream: SandboxStore;
let site: TestSite;
let plain: string;
let proxy: string;
let control: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-upstream-'));
  upstream = await startSandboxStore({ dir: folder, keysDir: join(folder, 'keys') });
  upstream.release('lab-hello', 'stable', 2);
  const redirect = await freePort();
  site = await startSite(upstream, { HOLDFAST_PROXY_REDIRECT_PORT: String(redirect) });
  plain = `http://127.0.0.1:${redirect}`;
}, 120_000);

afterAll(async () => {
  await site?.stop();
  await upstream?.close();
  await rm(folder, { recursive: true, force: true });
});

async function condition(): Promise<string | undefined> {
  const response = await fetch(`${site.urls.health.proxy}/readyz`);
  const { conditions } = (await response.json()) as Report;
  return conditions.find(({ name }) => name === 'certificate')?.says;
}

/** A device whose machine trusts the authority. */
async function ask(url: string, body?: object): Promise<string> {
  const ca = await readFile(join(site.home, 'certificate-authority.crt'));
  const headers = {
    'content-type': 'application/json',
    'snap-device-series': '16',
    'snap-device-architecture': 'amd64',
  };
  const asked = request(url, { method: body ? 'POST' : 'GET', ca, headers }).end(
    body && JSON.stringify(body),
  );
  const [response] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
  return text(response);
}

const INSTALL = {
  context: [],
  actions: [{ action: 'download', 'instance-key': 'one', name: 'lab-hello', channel: 'stable', epoch: null }],
  fields: ['download', 'revision'],
};

describe('a site', () => {
  it('is given a certificate while it serves plain HTTP, and says that it is for the next start', async () => {
    expect(await importCertificate(site, ['--selfsigned'])).toContain('Start the servers again');
    expect(await condition()).toContain('HTTPS is served from the next start on');
    expect((await fetch(site.urls.proxy)).status).toBe(200);
  });

  it('serves devices over HTTPS then, downloads included', async () => {
    proxy = await restartForHttps(site, 'proxy');
    const answer = await ask(`${proxy}/v2/snaps/refresh`, INSTALL);
    const url = /"url":"([^"]+)"/.exec(answer)?.[1] ?? answer;
    expect(url).toMatch(new RegExp(`^${proxy}/`));
    expect((await ask(url)).length).toBeGreaterThan(1_000);
    expect(await condition()).toBeUndefined();
  });

  it('serves people over HTTPS, and its own command line knows it', async () => {
    control = await restartForHttps(site, 'control');
    await vi.waitUntil(async () =>
      (await readFile(join(site.home, 'run.json'), 'utf8')).includes(`"control": "https:`),
    );
    // Reached and answered: it takes a session.
    expect(await holdfastAt(site, ['status'])).toMatchObject({
      code: 4,
      output: expect.stringMatching(/sign in/i) as string,
    });
  });

  it('sends on who comes by plain HTTP, and takes no refresh there', async () => {
    const home = await fetch(`${plain}/v2/snaps/info/x`, { redirect: 'manual' });
    const port = new URL(proxy).port;
    expect([home.status, home.headers.get('location')]).toEqual([
      301,
      `https://127.0.0.1:${port}/v2/snaps/info/x`,
    ]);
    const refresh = await fetch(`${plain}/v2/snaps/refresh`, {
      method: 'POST',
      body: JSON.stringify(INSTALL),
    });
    expect([
      refresh.status,
      refresh.headers.get('content-type'),
      refresh.headers.get('snap-store-version'),
    ]).toEqual([400, 'application/json', '55']);
    const message = `plain HTTP is not served: use https://127.0.0.1:${port}`;
    expect(await refresh.json()).toEqual({ 'error-list': [{ code: 'https-required', message }] });
  });

  it('takes the next certificate without a restart, and drops nobody', async () => {
    const open = await openTls(proxy);
    expect(await askOn(open, '/')).toMatch(/^HTTP\/1\.1 200 /);
    const root = TestAuthority.root();
    const next = root.server(['localhost']);
    expect(await importCertificate(site, [], next.keyPem + root.pem + next.pem)).toContain(
      'without a restart',
    );
    const shown = async () =>
      (await Promise.all([proxy, control].map(certificateOf))).every(
        ({ fingerprint256 }) => fingerprint256 === next.certificate.fingerprint256,
      );
    await vi.waitUntil(shown, { timeout: 60_000, interval: 100 });
    expect(await askOn(open, '/')).toMatch(/^HTTP\/1\.1 200 /);
    open.destroy();
    expect(await ask(`${proxy}/v2/snaps/refresh`, INSTALL)).toContain('"revision":2');
    expect(await holdfastAt(site, ['status'])).toMatchObject({ code: 4 });
  });

  it('refuses what devices would refuse, and goes on', async () => {
    const other = TestAuthority.root().server(['other.example']);
    const why = ['--name', 'localhost', '--reason', 'devices come by HTTPS'];
    const { code, output } = await holdfastAt(site, ['import-certificate', ...why], other.pem + other.keyPem);
    expect({ code, output }).toEqual({
      code: 5,
      output: 'the certificate is for other.example, but we are reached as localhost\n',
    });
    expect(await ask(`${proxy}/v2/snaps/refresh`, INSTALL)).toContain('"revision":2');
  });
});
