import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { joinAssertions } from '#snap';
import { AUTHORITY, DEVELOPER, TestAuthority, TIMESTAMP } from '#snap/testing/authority';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';

const authority = new TestAuthority();
const store = authority.sign('store', {
  'authority-id': AUTHORITY,
  store: 'lab-proxy',
  'operator-id': DEVELOPER,
  url: 'https://store.site.example',
  timestamp: TIMESTAMP,
});
const chain = joinAssertions([authority.storeAccountKey(), authority.account(DEVELOPER), store]);

let site: ProxySite;
let proxy: RunningProxy;
let registrationFile: string;
let certificateAuthorityFile: string;

beforeAll(async () => {
  site = await ProxySite.start();
  registrationFile = join(site.folder, 'registration.assert');
  certificateAuthorityFile = join(site.folder, 'authority.crt');
  // Before there is a policy: a device must be able to come first.
  proxy = await site.proxy('cache', undefined, { registrationFile, certificateAuthorityFile });
});
afterAll(() => site.close());

const get = (path: string): Promise<Response> => fetch(proxy.url + path);
const PATHS = ['/v2/auth/store/assertions', '/setup', '/setup/cloud-init', '/setup/maas'];

it('says what to do where the store is not registered', async () => {
  for (const path of PATHS) {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      'error-list': [
        { code: 'not-registered', message: expect.stringContaining('holdfast register') as unknown },
      ],
    });
  }
});

it('gives the registration out as it is, as soon as it is there', async () => {
  await writeFile(registrationFile, chain);
  const response = await get('/v2/auth/store/assertions');
  expect(response.headers.get('x-assertion-store-id')).toBe('lab-proxy');
  expect(response.headers.get('content-type')).toBe('application/x.ubuntu.assertion');
  expect(response.headers.get('snap-store-version')).not.toBeNull();
  expect(Buffer.from(await response.arrayBuffer()).equals(chain)).toBe(true);
});

it('makes set-up texts of it, with the private authority where there is one', async () => {
  await writeFile(registrationFile, chain);
  const script = await (await get('/setup')).text();
  expect(script).toContain("snap set core proxy.store='lab-proxy'");
  expect(script).not.toContain('store-certs');
  await writeFile(certificateAuthorityFile, '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n');
  const texts = await Promise.all(PATHS.slice(1).map(async (path) => (await get(path)).text()));
  expect(texts.filter((text) => text.includes('store-certs.holdfast'))).toHaveLength(2);
  expect(texts[1]).toMatch(/^#cloud-config\n/);
  await rm(certificateAuthorityFile);
});

it('gives out nothing that was broken in its place', async () => {
  await writeFile(registrationFile, chain.subarray(0, 100));
  for (const path of PATHS) expect((await get(path)).status).toBeGreaterThanOrEqual(400);
});
