import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandboxStore } from '../start-sandbox-store.js';
import { StoreUnderTest } from '../testing/store-under-test.js';

let store: StoreUnderTest;
beforeAll(async () => {
  store = await StoreUnderTest.start();
});
afterAll(() => store.stop());

const elsewhere = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

describe('the administration', () => {
  it('releases a revision into a channel, for each architecture that it runs on', async () => {
    const release = { snap: 'lab-hello', channel: 'stable', revision: 2 };
    expect((await store.post('/sandbox/releases', release)).status).toBe(201);
    expect(await store.download('lab-hello', 'stable', 'amd64')).toEqual([2, 'stable']);
    expect(await store.download('lab-hello', 'stable', 'arm64')).toEqual([2, 'stable']);
  });

  it('releases for one architecture, and closes a channel', async () => {
    await store.post('/sandbox/releases', {
      snap: 'lab-tool',
      channel: 'beta',
      revision: 7,
      architecture: 'arm64',
    });
    expect(await store.download('lab-tool', 'beta', 'arm64')).toEqual([7, 'beta']);
    expect(await store.download('lab-tool', 'beta', 'amd64')).toEqual([4, 'candidate']);
    await store.post('/sandbox/releases', { snap: 'lab-tool', channel: 'beta', revision: null });
    expect(await store.download('lab-tool', 'beta', 'arm64')).toEqual([4, 'candidate']);
  });

  it('adds a revision, signed, to be released', async () => {
    await store.post('/sandbox/revisions', { snap: 'lab-hello', revision: 6, version: '2.1' });
    expect(
      (await store.post('/sandbox/revisions', { snap: 'lab-hello', revision: 6, version: '2.1' })).status,
    ).toBe(400);
    await store.post('/sandbox/releases', { snap: 'lab-hello', channel: 'edge/fix', revision: 6 });
    expect(await store.download('lab-hello', 'edge/fix')).toEqual([6, 'edge/fix']);
  });

  it('makes a payload as large as it is told, and no larger than memory bears', async () => {
    const large = { snap: 'lab-multi', revision: 40, version: '4.0', payloadBytes: 3_000_000 };
    expect((await store.post('/sandbox/revisions', large)).status).toBe(201);
    const { snaps } = (await store.get('/sandbox/snaps')).json as {
      snaps: { name: string; revisions: { revision: number; size: number }[] }[];
    };
    const revisions = snaps.find(({ name }) => name === 'lab-multi')?.revisions;
    const size = revisions?.find(({ revision }) => revision === 40)?.size ?? 0;
    expect(size).toBeGreaterThan(3_000_000);
    expect(size).toBeLessThan(3_100_000);
    const tooLarge = { ...large, revision: 41, payloadBytes: 2 ** 40 };
    expect((await store.post('/sandbox/revisions', tooLarge)).status).toBe(400);
  });

  it('gives a revision out no more', async () => {
    await store.post('/sandbox/withdrawals', { snap: 'lab-hello', revision: 5 });
    expect(await store.download('lab-hello', 'edge')).toEqual([2, 'candidate']);
    expect((await store.post('/sandbox/withdrawals', { snap: 'lab-hello', revision: 5 })).status).toBe(404);
  });

  it('declares a snap anew: by another publisher, or revoked', async () => {
    const declaration = async () => {
      const { snaps } = (await store.get('/sandbox/snaps')).json as {
        snaps: { name: string; 'snap-id': string }[];
      };
      const id = snaps.find(({ name }) => name === 'bare')?.['snap-id'];
      return (await store.get(`/v2/assertions/snap-declaration/16/${id}`)).bytes.toString();
    };
    const publisher = 'otherotherotherotherotherother00';
    await store.post('/sandbox/declarations', { snap: 'bare', publisher });
    expect(await declaration()).toMatch(/revision: 1\n[^]*publisher-id: other[^]*snap-name: bare\n/);
    expect((await store.get(`/v2/assertions/account/${publisher}`)).status).toBe(200);
    expect((await store.get('/v2/snaps/info/bare')).status).toBe(200);
    await store.post('/sandbox/declarations', { snap: 'bare', revoked: true });
    expect(await declaration()).toMatch(/revision: 2\n[^]*snap-name: *\n/);
    expect((await store.get('/v2/snaps/info/bare')).status).toBe(404);
    expect((await store.post('/sandbox/declarations', { snap: 'bare', revoked: 'yes' })).status).toBe(400);
  });

  it('remembers all this when it starts again', async () => {
    store.store.release('lab-multi', 'candidate', 12, 'amd64');
    store.store.setDefaultTrack('lab-tool', '2.0');
    const before = (await store.get('/sandbox/snaps')).bytes.toString();
    store = await store.restart();
    expect((await store.get('/sandbox/snaps')).bytes.toString()).toBe(before);
    expect(await store.download('lab-multi', 'candidate')).toEqual([12, 'candidate']);
    expect(await store.download('lab-hello', 'edge/fix')).toEqual([6, 'edge/fix']);
  });

  it.each([
    ['releases', { snap: 'nobody', channel: 'stable', revision: 1 }, 404],
    ['releases', { snap: 'lab-hello', channel: 'stable', revision: 99 }, 404],
    ['releases', { snap: 'lab-multi', channel: 'stable', revision: 10, architecture: 'arm64' }, 404],
    ['releases', { snap: 'lab-hello', channel: 'stable/x/y', revision: 1 }, 400],
    ['releases', { snap: 'lab-hello', channel: 'stable' }, 400],
    ['releases', { snap: 'lab-hello', channel: 'stable', revision: 1, architecture: 'pdp11' }, 400],
    ['faults', { mode: 'explode' }, 400],
    ['default-tracks', [], 400],
  ])('refuses %s %j with %i, and nothing has changed', async (path, body, status) => {
    const before = (await store.get('/sandbox/snaps')).bytes.toString();
    expect((await store.post(`/sandbox/${path}`, body)).status).toBe(status);
    expect((await store.get('/sandbox/snaps')).bytes.toString()).toBe(before);
  });

  it.skipIf(elsewhere === undefined)(
    'is closed to whoever comes by another address than loopback',
    async () => {
      const dir = join(store.dir, 'open');
      const open = await startSandboxStore({ dir, keysDir: join(store.dir, 'keys'), host: '0.0.0.0' });
      const origin = `http://${elsewhere}:${new URL(open.url).port}`;
      const statuses = [
        await fetch(`${origin}/sandbox/snaps`),
        await fetch(`${origin}/v2/snaps/info/lab-hello`),
      ];
      await open.close();
      expect(statuses.map(({ status }) => status)).toEqual([403, 200]);
    },
  );
});
