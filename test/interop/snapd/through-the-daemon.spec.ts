import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { Board } from '#test/support/board';
import { holdfastAt, importCertificate, restartForHttps } from '#test/support/import-certificate';
import { startSite, type TestSite } from '#test/support/site';
import { missingForDaemon } from './daemon-prerequisites.js';
import { buildSnapRig, presentRig } from './rig.js';
import { SnapDaemon } from './snap-daemon.js';
import { startTrustedStore, storeChain } from './store-chain.js';
import { TappedLine } from './tapped-line.js';
import { LAB_DEVELOPER, TestStore } from './test-store.js';
import { xdelta3 } from './xdelta3-program.js';

const rig = await buildSnapRig();
const missing = await missingForDaemon(rig);
const named = missing === undefined ? '' : ` (${missing} is missing)`;

const SET = 'labdevlabdevlabdevlabdevlabdev00/lab-set';

interface Delivery {
  readonly snap: string;
  readonly completed: number;
}

describe.skipIf(missing !== undefined)(`the snapd daemon behind the proxy${named}`, () => {
  let folder: string;
  let store: SandboxStore;
  let site: TestSite;
  let board: Board;
  /** What stands between the daemon and the proxy. */
  let line: TappedLine;
  let daemon: SnapDaemon;
  /** What import-certificate says that clients must do. */
  let told: string;

  beforeAll(async () => {
    const keys = presentRig(rig);
    folder = await mkdtemp(path.join(tmpdir(), 'holdfast-daemon-'));
    store = await startTrustedStore(keys, folder);
    store.release('lab-hello', 'stable', 2);
    site = await startSite(store);
    line = await TappedLine.to(site.urls.proxy);
    daemon = await SnapDaemon.start(keys, (await TestStore.with(keys)).model('lab-classic'));
    board = await Board.of(site.urls.control, site.home);
  }, 180_000);

  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]();
    await line?.[Symbol.asyncDispose]();
    await site?.stop();
    await store?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** That what was cut off after so many bytes came whole nevertheless, the rest of it by its range. */
  function expectTwoParts(file: string, cut: number): void {
    const [first, rest, ...more] = line.about(file);
    const size = Number(first?.answered['content-length']);
    expect(first?.status).toBe(200);
    expect(rest?.status).toBe(206);
    expect(rest?.headers.range).toBe(`bytes=${cut}-`);
    expect(rest?.answered['content-range']).toBe(`bytes ${cut}-${size - 1}/${size}`);
    expect(more).toEqual([]);
  }

  /** That it was refused for its session, opened another one by showing the old, and was served with that. */
  function expectAnotherSession(): void {
    const asked = line.about('/v2/snaps/refresh');
    const over = asked[0]?.headers['snap-device-authorization'];
    expect(over).toMatch(/^Macaroon root="/);
    const answered = { 'www-authenticate': 'Macaroon refresh_device_session=1' };
    expect(asked[0]).toMatchObject({ status: 401, answered });
    const headers = { 'x-device-authorization': over };
    expect(line.about('/auth/sessions')[0]).toMatchObject({ status: 200, headers });
    expect(asked.at(-1)?.status).toBe(200);
    expect(asked.at(-1)?.headers['snap-device-authorization']).not.toBe(over);
  }

  /** As upstream has it. */
  async function fileOf(revision: number): Promise<Buffer> {
    const file = `labhelloidlabhelloidlabhelloid01_${revision}.snap`;
    return Buffer.from(await (await fetch(`${store.url}/api/v1/snaps/download/${file}`)).arrayBuffer());
  }

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
    const proxy = line.url;
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

  it('gets a serial through the proxy, and with it opens a session', async () => {
    const serial = await vi.waitUntil(
      async () => /^serial: (.*)$/m.exec((await daemon.snap('known', 'serial')).output)?.[1],
      { timeout: 60_000, interval: 100 },
    );
    expect(serial).toBe('sandbox-1');
    expect(await daemon.snap('refresh')).toMatchObject({ status: 0 });
    const [opened] = line.about('/auth/sessions');
    expect(opened).toMatchObject({ status: 200 });
    expect(opened?.headers).not.toHaveProperty('x-device-authorization');
  });

  it('gets the rest of a download that broke off in the middle, by its range', async () => {
    // More than what waits in the buffers of a connection.
    store.addRevision('lab-tool', 8, '0.8', ['all'], 8 * 1024 * 1024);
    store.release('lab-tool', 'stable', 8);
    line.cutOff('/lab-tool_8.snap', 1_000_000);
    expect(await daemon.snap('install', 'lab-tool')).toMatchObject({ status: 0 });
    expect(await daemon.installed('lab-tool')).toBe('8');
    expectTwoParts('/lab-tool_8.snap', 1_000_000);
  });

  it('opens another session by itself when the one that it has is over, and gets what it asked for', async () => {
    line.forget();
    store.endSessions();
    expect(await daemon.snap('refresh')).toMatchObject({ status: 0 });
    expectAnotherSession();
  });

  it('opens another one also when the proxy came back, after kill -9, with a key that does not open the old', async () => {
    await writeFile(path.join(site.home, 'secrets/proxy.key'), randomBytes(32).toString('hex'));
    await site.kill('proxy');
    const serves = () => fetch(site.urls.proxy).then(Boolean, () => false);
    await vi.waitUntil(serves, { timeout: 40_000, interval: 50 });
    line.forget();
    expect(await daemon.snap('refresh')).toMatchObject({ status: 0 });
    expectAnotherSession();
  });

  it('refreshes to the revision that is held, past the one that upstream released', async () => {
    await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 5 });
    expect(await refreshedTo('5')).toBe('5');
  });

  it('goes down to the revision that is held, though its download breaks off, and runs that', async () => {
    line.cutOff('/lab-hello_1.snap', 100_000);
    await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 1 });
    expect(await refreshedTo('1')).toBe('1');
    expectTwoParts('/lab-hello_1.snap', 100_000);
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
    expect(others.output).toMatch(/^lab-tool +0\.8 +labdev/m);
    expect(others.output).toMatch(/^lab-hello +1\.0 +labdev/m);
    expect((await daemon.snap('find', 'no-such-snap')).output).toContain('No matching snaps');
    expect((await daemon.snap('find', '--section')).output).toContain('featured');
    const featured = await daemon.snap('find', '--section=featured');
    expect(featured.output).toMatch(/^lab-hello +1\.0 +labdev/m);
    expect(featured.output).not.toContain('lab-tool');
  });

  it('is told of each channel the revision that it would get there, also when its session has just ended', async () => {
    store.endSessions();
    const { output } = await daemon.snap('info', 'lab-hello');
    expect(output).toMatch(/^snap-id: +labhelloidlabhelloidlabhelloid01$/m);
    expect(output).toMatch(/^ +latest\/stable: +1\.0 .*\(1\)/m);
    expect(output).toMatch(/^ +latest\/candidate: +1\.1 .*\(2\)/m);
    expect(output).toMatch(/^ +latest\/edge: +2\.0 .*\(5\)/m);
    const unknown = await daemon.snap('info', 'no-such-snap');
    expect(unknown.status).not.toBe(0);
    expect(unknown.output).toContain('no snap found for "no-such-snap"');
  });

  it('passes its own check of connections by the proxy alone, and takes a ring without core for a broken line', async () => {
    line.forget();
    const passed = await daemon.snap('debug', 'connectivity');
    expect(passed).toMatchObject({ status: 0 });
    expect(passed.output).toMatch(/^Connectivity status:\n \* PASS$/m);
    const [info, download, ...more] = line.about('/');
    expect(info?.path).toMatch('/v2/snaps/info/core?');
    expect(download).toMatchObject({ method: 'HEAD', status: 200 });
    expect(download?.path).toMatch(/^\/download\/.*\/core_200\.snap$/);
    expect(more).toEqual([]);

    await board.hold({ kind: 'deny', snap: 'core' });
    const failed = await vi.waitUntil(
      async () => {
        const run = await daemon.snap('debug', 'connectivity');
        return run.status === 0 ? undefined : run;
      },
      { timeout: 40_000, interval: 100 },
    );
    expect(failed.output).toContain(` * ${new URL(line.url).host}: unreachable\n`);
    expect(failed.output).toContain('1 servers unreachable');
  });

  it('has its catalogue from the proxy: the sections, the names that the shell completes, the programs that it advises', async () => {
    line.forget();
    // As a machine that comes up: what a daemon has not asked for yet, it asks for at once.
    await daemon.restart({ SNAPD_CATALOG_REFRESH: '1' });
    await vi.waitUntil(async () => (await daemon.log()).includes('Catalog refresh succeeded'), {
      timeout: 40_000,
      interval: 100,
    });
    const [sections, names, ...more] = line.about('/api/v1/snaps/');
    expect(sections).toMatchObject({ path: '/api/v1/snaps/sections', status: 200 });
    expect(names).toMatchObject({ path: '/api/v1/snaps/names?confinement=strict%2Cclassic', status: 200 });
    expect(more).toEqual([]);
    expect(await daemon.read('/var/cache/snapd/sections')).toBe('featured');
    // Without core, which the ring denies.
    const all = ['bare', 'lab-hello', 'lab-multi', 'lab-tool', 'snapd'];
    expect(await daemon.read('/var/cache/snapd/names')).toBe(`${all.join('\n')}\n`);

    const completed = await daemon.script('GO_FLAGS_COMPLETION=1 snap install lab-');
    expect(completed.output).toBe('lab-hello\nlab-multi\nlab-tool\n');
    const advised = await daemon.snap('advise-snap', '--command', 'lab-multi');
    expect(advised.output).toContain('sudo snap install lab-multi');
    const misspelt = await daemon.snap('advise-snap', '--command', 'lab-mutli');
    expect(misspelt.output).toContain('command "lab-multi" from snap "lab-multi"');
  });

  it('goes to another held revision by a delta, without a download of the whole', async () => {
    store.addRevision('lab-hello', 7, '2.2');
    store.addDelta('lab-hello', 1, 7, await xdelta3(await fileOf(1), await fileOf(7)));
    await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 7 });
    line.forget();
    expect(await refreshedTo('7')).toBe('7');
    const [delta, ...more] = line.about('/download/');
    expect(delta?.path).toMatch(/\/lab-hello_1_7\.delta$/);
    expect(delta?.status).toBe(200);
    expect(more).toEqual([]);
    expect(await daemon.log()).toContain('Successfully applied delta for "lab-hello"');
    expect(await daemon.read('/snap/lab-hello/current/bin/hello')).toContain('echo lab-hello 2.2');
  });

  it('is known by its serial in the record of what it got: it shows its session with downloads too', async () => {
    const lines = await vi.waitUntil(
      async () => {
        const { deliveries } = await board.get<{ deliveries: readonly Delivery[] }>(
          '/v1/deliveries?device=sandbox-1',
        );
        const tools = deliveries.filter(({ snap }) => snap === 'lab-tool');
        // It is handed over piece by piece: what was offered may be there before what came of it.
        return tools.some(({ completed }) => completed > 0) ? tools : undefined;
      },
      { timeout: 40_000, interval: 100 },
    );
    const device = { brand: LAB_DEVELOPER, model: 'lab-classic', serial: 'sandbox-1', proof: 'store' };
    expect(lines).toMatchObject([{ device, revision: 8, offered: 1, brokenOff: 1, completed: 1 }]);
  });

  it('goes back to what upstream released when the override is deleted', async () => {
    await board.hold({ snap: 'lab-hello', channel: 'stable', revision: null });
    expect(await refreshedTo('6')).toBe('6');
  });

  it('monitors the latest of a validation set, and enforces one of it only where it has what that requires', async () => {
    expect(await daemon.snap('validate', '--monitor', SET)).toMatchObject({ status: 0 });
    expect((await daemon.snap('validate')).output).toMatch(/lab-set +monitor +2 +valid/);
    const refused = await daemon.snap('validate', '--enforce', `${SET}=1`);
    expect(refused.status).not.toBe(0);
    expect(refused.output).toContain('lab-hello (required at revision 1 by sets');
    await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 1 });
    expect(await refreshedTo('1')).toBe('1');
    expect(await daemon.snap('validate', '--enforce', `${SET}=1`)).toMatchObject({ status: 0 });
    expect((await daemon.snap('validate')).output).toMatch(/lab-set=1 +enforce .*valid/);
  });

  it('stays where a set that it enforces requires it to be, and follows the hold again once the set is forgotten', async () => {
    await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 7 });
    const isHeld = async () =>
      /latest\/stable: +2\.2 .*\(7\)/.test((await daemon.snap('info', 'lab-hello')).output);
    await vi.waitUntil(isHeld, { timeout: 40_000, interval: 100 });
    expect((await daemon.snap('refresh', 'lab-hello')).output).toContain('has no updates available');
    expect(await daemon.installed('lab-hello')).toBe('1');
    expect(await daemon.snap('validate', '--forget', SET)).toMatchObject({ status: 0 });
    expect(await refreshedTo('7')).toBe('7');
  });

  // Last: from here on there is only HTTPS.
  it('follows its store to HTTPS, and does not trust a certificate of an authority that it was not told of', async () => {
    told = await importCertificate(site, ['--selfsigned']);
    const chain = path.join(folder, 'chain.assert');
    const secure = await restartForHttps(site, 'proxy');
    await writeFile(chain, await storeChain(presentRig(rig), secure, 1));
    expect(await daemon.snap('ack', chain)).toMatchObject({ status: 0 });
    const { status, output } = await daemon.snap('install', 'lab-multi');
    expect(status).not.toBe(0);
    expect(output).toMatch(/x509|certificate/);
  });

  it('installs once it was told in the words that import-certificate prints', async () => {
    const [, name = 'none'] = /snap set system store-certs\.([a-z0-9-]+)=/.exec(told) ?? [];
    const authority = await readFile(path.join(site.home, 'certificate-authority.crt'), 'utf8');
    const set = await daemon.snap('set', 'system', `store-certs.${name}=${authority}`);
    expect(set).toMatchObject({ status: 0 });
    expect(await daemon.snap('install', 'lab-multi')).toMatchObject({ status: 0 });
    expect(await daemon.installed('lab-multi')).toBe('10');
  });
});
