import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { importCertificate, restartForHttps } from '#test/support/import-certificate';
import { startSite, type TestSite } from '#test/support/site';
import { missingForDaemon } from './daemon-prerequisites.js';
import { buildSnapRig, presentRig } from './rig.js';
import { SnapDaemon } from './snap-daemon.js';
import { startTrustedStore, storeChain } from './store-chain.js';

const rig = await buildSnapRig();
const missing = await missingForDaemon(rig);
const named = missing === undefined ? '' : ` (${missing} is missing)`;

describe.skipIf(missing !== undefined)(`the snapd daemon and a proxy that serves HTTPS${named}`, () => {
  let folder: string;
  let store: SandboxStore;
  let site: TestSite;
  let daemon: SnapDaemon;
  let told: string;

  beforeAll(async () => {
    const keys = presentRig(rig);
    folder = await mkdtemp(path.join(tmpdir(), 'holdfast-tls-daemon-'));
    store = await startTrustedStore(keys, folder);
    store.release('lab-hello', 'stable', 2);
    site = await startSite(store);
    told = await importCertificate(site, ['--selfsigned']);
    const proxy = await restartForHttps(site, 'proxy');
    daemon = await SnapDaemon.start(keys);
    await writeFile(path.join(folder, 'chain.assert'), await storeChain(keys, proxy));
  }, 180_000);

  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]();
    await site?.stop();
    await store?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('takes its address from the signed store assertion', async () => {
    expect(await daemon.snap('ack', path.join(folder, 'chain.assert'))).toMatchObject({ status: 0 });
    expect(await daemon.snap('set', 'core', 'proxy.store=lab-proxy')).toMatchObject({ status: 0 });
  });

  it('does not trust a certificate of an authority that it was not told of', async () => {
    const { status, output } = await daemon.snap('install', 'lab-hello');
    expect(status).not.toBe(0);
    expect(output).toMatch(/x509|certificate/);
  });

  it('installs once it was told in the words that import-certificate prints', async () => {
    const [, name = 'none'] = /snap set system store-certs\.([a-z0-9-]+)=/.exec(told) ?? [];
    const authority = await readFile(path.join(site.home, 'certificate-authority.crt'), 'utf8');
    const set = await daemon.snap('set', 'system', `store-certs.${name}=${authority}`);
    expect(set).toMatchObject({ status: 0 });
    expect(await daemon.snap('install', 'lab-hello')).toMatchObject({ status: 0 });
    expect(await daemon.installed('lab-hello')).toBe('2');
  });
});
