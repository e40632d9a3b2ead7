import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { Board } from '#test/support/board';
import { holdfastAt } from '#test/support/import-certificate';
import { startSite, type TestSite } from '#test/support/site';
import { missingForDaemon } from './daemon-prerequisites.js';
import { buildSnapRig, presentRig } from './rig.js';
import { SnapDaemon } from './snap-daemon.js';
import { startTrustedStore, storeChain } from './store-chain.js';

const rig = await buildSnapRig();
const missing = await missingForDaemon(rig);
const named = missing === undefined ? '' : ` (${missing} is missing)`;

describe.skipIf(missing !== undefined)(`the snapd daemon behind the proxy${named}`, () => {
  let folder: string;
  let store: SandboxStore;
  let site: TestSite;
  let board: Board;
  let daemon: SnapDaemon;

  beforeAll(async () => {
    const keys = presentRig(rig);
    folder = await mkdtemp(path.join(tmpdir(), 'holdfast-daemon-'));
    store = await startTrustedStore(keys, folder);
    store.release('lab-hello', 'stable', 2);
    site = await startSite(store);
    daemon = await SnapDaemon.start(keys);
    board = await Board.of(site.urls.control, site.home);
  }, 180_000);

  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]();
    await site?.stop();
    await store?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A refresh at a time, until the proxy obeys the new policy and the daemon the proxy. */
  async function refreshedTo(revision: string): Promise<string> {
    return vi.waitUntil(
      async () => {
        expect(await daemon.snap('refresh', 'lab-hello')).toMatchObject({ status: 0 });
        return (await daemon.installed('lab-hello')) === revision ? revision : undefined;
      },
      { timeout: 40_000, interval: 100 },
    );
  }

  it('takes the proxy for its store once the set-up script has run, which brings the signed store assertion', async () => {
    const early = await daemon.snap('set', 'core', 'proxy.store=lab-proxy');
    expect(early.output).toContain('without a matching store assertion');
    const { proxy } = site.urls;
    const settings = { HOLDFAST_PROXY_URL: proxy, HOLDFAST_TRUST_ROOTS: store.trustRootsDir };
    const why = ['--reason', 'devices of the test follow it'];
    const chain = await storeChain(presentRig(rig), proxy);
    expect(await holdfastAt(site, ['register', ...why], chain, settings)).toMatchObject({ code: 0 });

    const script = await (await fetch(`${proxy}/setup`)).text();
    const run = await daemon.script(script);
    expect(run).toMatchObject({ status: 0 });
    expect(run.output).toContain(`follows the store lab-proxy at ${proxy}`);
    expect((await daemon.snap('get', 'core', 'proxy.store')).output).toMatch(/^lab-proxy$/m);
  });

  it('installs what upstream released, with what it needs', async () => {
    expect(await daemon.snap('install', 'lab-hello')).toMatchObject({ status: 0 });
    expect(await daemon.installed('lab-hello')).toBe('2');
    expect(await daemon.installed('bare')).toBe('5');
  });

  it('refreshes to the revision that is held, past the one that upstream released', async () => {
    await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 5 });
    expect(await refreshedTo('5')).toBe('5');
  });

  it('goes down to the revision that is held, and runs that', async () => {
    await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 1 });
    expect(await refreshedTo('1')).toBe('1');
    expect(await daemon.read('/snap/lab-hello/current/bin/hello')).toContain('echo lab-hello 1.0');
  });

  it('stays there while upstream moves, and is refused the other revision', async () => {
    store.addRevision('lab-hello', 6, '2.1');
    store.release('lab-hello', 'stable', 6);
    const refreshed = await daemon.snap('refresh', 'lab-hello');
    const everything = await daemon.snap('refresh');
    const asked = await daemon.snap('refresh', 'lab-hello', '--revision=6');

    expect(refreshed).toMatchObject({ status: 0 });
    expect(refreshed.output).toContain('has no updates available');
    expect(everything).toMatchObject({ status: 0 });
    expect(everything.output).toContain('All snaps up to date');
    expect(asked.status).not.toBe(0);
    expect(asked.output).toContain('revision 6 not available');
    expect(await daemon.installed('lab-hello')).toBe('1');
  });

  it('finds in the store what it would get: the held version, not the one that upstream released', async () => {
    const found = await daemon.snap('find', 'lab-hello');
    expect(found.output).toMatch(/^lab-hello +1\.0 +labdev/m);
    const others = await daemon.snap('find', 'lab');
    expect(others.output).toMatch(/^lab-tool +0\.3 +labdev/m);
    expect(others.output).toMatch(/^lab-hello +1\.0 +labdev/m);
    expect((await daemon.snap('find', 'no-such-snap')).output).toContain('No matching snaps');
  });

  it('is told of each channel the revision that it would get there', async () => {
    const { output } = await daemon.snap('info', 'lab-hello');
    expect(output).toMatch(/^snap-id: +labhelloidlabhelloidlabhelloid01$/m);
    expect(output).toMatch(/^ +latest\/stable: +1\.0 .*\(1\)/m);
    expect(output).toMatch(/^ +latest\/candidate: +1\.1 .*\(2\)/m);
    expect(output).toMatch(/^ +latest\/edge: +2\.0 .*\(5\)/m);
    const unknown = await daemon.snap('info', 'no-such-snap');
    expect(unknown.status).not.toBe(0);
    expect(unknown.output).toContain('no snap found for "no-such-snap"');
  });

  it('goes back to what upstream released when the override is deleted', async () => {
    await board.hold({ snap: 'lab-hello', channel: 'stable', revision: null });
    expect(await refreshedTo('6')).toBe('6');
  });
});
