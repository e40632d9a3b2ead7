import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Device } from '#apps/demo/src/device';
import { startSandboxStore, type SandboxStore } from '#apps/sandbox-store/src/start-sandbox-store';
import { Board } from '#test/support/board';
import { offered, trustRootsOf } from '#test/support/device';
import { startSite, type TestSite } from '#test/support/site';

let folder: string;
let upstream: SandboxStore;
let site: TestSite;
let board: Board;
let device: Device;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-upstream-'));
  upstream = await startSandboxStore({ dir: folder, keysDir: join(folder, 'keys') });
  site = await startSite(upstream);
  board = await Board.of(site.urls.control, site.home);
  device = new Device(site.urls.proxy, await trustRootsOf(upstream));
}, 180_000);

afterAll(async () => {
  await site?.stop();
  await upstream?.close();
  await rm(folder, { recursive: true, force: true });
});

// A test has as long as its waits may take together.
describe('a site', { timeout: 120_000 }, () => {
  it('gives devices what was approved, and not what upstream released', async () => {
    upstream.release('lab-hello', 'stable', 2);
    await offered(device, 2);
    await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 1 });
    expect(await device.fetchAndVerify(await offered(device, 1))).toBeGreaterThan(0);
  });

  it('names what upstream does not have, and goes on', async () => {
    const refused = await board.submit({ snap: 'lab-hello', channel: 'stable', revision: 99 });
    expect(refused).toMatchObject({ status: 'capture-refused', failures: [{ code: 'revision-not-found' }] });
    const unknown = await board.submit({ snap: 'no-such-snap', channel: 'stable', revision: 1 });
    expect(unknown).toMatchObject({ status: 'capture-refused', failures: [{ code: 'snap-not-found' }] });
  });

  it('refuses what does not verify, says why, and serves nothing of it', async () => {
    upstream.fault({ mode: 'tamper-blob' });
    const tampered = await board.submit({ snap: 'lab-tool', channel: 'stable', revision: 4 });
    expect(tampered).toMatchObject({ status: 'capture-refused', failures: [{ code: 'tampered-artefact' }] });
    upstream.fault({ mode: 'broken-chain' });
    const broken = await board.submit({ snap: 'lab-tool', channel: 'stable', revision: 4 });
    expect(broken.status).toBe('capture-refused');
    upstream.fault({ mode: 'none' });
  });

  it('makes the second of two approvals of the same target stale', async () => {
    const [first, second] = [
      await board.submit({ snap: 'lab-tool', channel: 'stable', revision: 3 }),
      await board.submit({ snap: 'lab-tool', channel: 'stable', revision: 4 }),
    ];
    expect((await board.approve(first)).status).toBe('effective');
    expect((await board.approve(second)).status).toBe('stale');
  });

  it('serves on without its upstream what is decided; the rest gets an error in time', async () => {
    upstream.fault({ mode: 'hang' });
    expect((await device.ask('lab-hello', { channel: 'stable' })).revision).toBe(1);
    const since = performance.now();
    await expect(device.ask('lab-multi', { channel: 'stable' })).rejects.toThrow(/upstream/);
    expect(performance.now() - since).toBeLessThan(10_000); // what snapd waits; the proxy gives upstream less
    upstream.fault({ mode: 'none' });
  });

  it('serves on without its database, also after kill -9 of the proxy', async () => {
    await site.database.stop();
    expect(await device.fetchAndVerify(await offered(device, 1))).toBeGreaterThan(0);
    await site.kill('proxy');
    expect(await device.fetchAndVerify(await offered(device, 1))).toBeGreaterThan(0);
  });

  it('comes back by itself when the database does, with nothing lost', async () => {
    await site.database.start();
    const applied = await vi.waitUntil(
      () => board.hold({ snap: 'lab-hello', channel: 'stable', revision: 2 }).catch(() => undefined),
      { timeout: 60_000, interval: 500 },
    );
    expect(applied?.status).toBe('effective');
    await offered(device, 2);
  });

  it('goes on where it was when worker and projector are killed', async () => {
    await Promise.all([site.kill('worker'), site.kill('projector')]);
    await board.hold({ snap: 'lab-hello', channel: 'stable', revision: 1 });
    expect((await offered(device, 1)).revision).toBe(1);
  });
});
