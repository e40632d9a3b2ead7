import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { S3TestServer } from '#blob-store/testing/s3-test-server';
import { Device } from './testing/device.js';
import { ProxySite } from './testing/proxy-site.js';

let server: S3TestServer;
let site: ProxySite;
beforeAll(async () => {
  server = await S3TestServer.start();
  site = await ProxySite.start(server.location('kept-of-a-site'));
  await site.hold(...(await site.capture('lab-hello', 'stable', 2)));
});
afterAll(async () => {
  await site.close();
  await server.close();
});
afterEach(() => {
  server.fault = () => undefined;
  server.requests.length = 0;
});

/** A proxy with nothing on its disk, and what it offers. */
async function fresh(cache: string) {
  const proxy = await site.proxy(cache, undefined, { prefetch: false });
  await proxy.events.until('obeyed 1');
  const device = new Device(proxy.url);
  const download = (await device.install('lab-hello')).snap?.download;
  if (!download) throw new Error('nothing was offered');
  const get = (headers: Record<string, string> = {}) => device.download(download.url, headers);
  return { proxy, download, get, head: () => device.download(download.url, {}, 'HEAD') };
}

function blobReads(): string[] {
  return server.requests.filter((line) => line.startsWith('GET') && line.includes('/sha256/'));
}

/** @throws Error when there is none, or it breaks off */
async function wholeBody(answer: Response): Promise<ArrayBuffer> {
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.arrayBuffer();
}

async function digestOf(answer: Response): Promise<string> {
  return createHash('sha3-384')
    .update(Buffer.from(await answer.arrayBuffer()))
    .digest('hex');
}

it('is read once, and served from disk then, also while it is away', async () => {
  const { proxy, download, get, head } = await fresh('once');
  server.requests.length = 0;
  const answers = await Promise.all([get(), get(), get({ range: 'bytes=10-' })]);
  expect(await Promise.all(answers.slice(0, 2).map(digestOf))).toEqual(Array(2).fill(download['sha3-384']));
  expect(blobReads()).toHaveLength(1);
  server.fault = () => 'hang-up';
  expect(await digestOf(await get())).toBe(download['sha3-384']);
  const part = await get({ range: 'bytes=10-19' });
  expect(part.status).toBe(206);
  expect((await part.arrayBuffer()).byteLength).toBe(10);
  expect((await head()).headers.get('content-length')).toBe(String(download.size));
  expect(proxy.events.seen).not.toContain('mismatch kept');
});

it('is away: says so, and serves again when it is back', async () => {
  const { download, get } = await fresh('away');
  server.fault = () => ({ status: 500, code: 'InternalError' });
  expect((await get()).status).toBe(503);
  server.fault = () => undefined;
  expect(await digestOf(await get())).toBe(download['sha3-384']);
});

it('is silent: devices hear so in time, and the proxy stops in time', async () => {
  const { proxy, get, head } = await fresh('silent');
  server.fault = () => 'silence';
  const asked = performance.now();
  const answers = await Promise.all([get(), head()]);
  expect(answers.map(({ status }) => status)).toEqual([503, 503]);
  expect(performance.now() - asked).toBeLessThan(12_000);
  await proxy.events.until('download failed kept-unavailable');
  // Only the bytes do not come: a transfer is under way when the proxy stops.
  server.fault = ({ method }) => (method === 'GET' ? 'silence' : undefined);
  expect((await get()).status).toBe(503);
  const told = performance.now();
  await proxy.stop();
  expect(performance.now() - told).toBeLessThan(5_000);
}, 40_000);

it('holds something altered: not served, not kept, and said loudly', async () => {
  const { proxy, get } = await fresh('altered');
  await get().then((answer) => answer.arrayBuffer());
  const [sha256 = ''] = blobReads()
    .slice(-1)
    .map((line) => line.slice(-64));
  await server.damage(sha256);

  const other = await fresh('altered-too');
  await expect(other.get().then(wholeBody)).rejects.toThrow(/./);
  await other.proxy.events.until('mismatch kept');
  expect(await readdir(join(site.folder, 'altered-too', 'kept'))).toEqual([]);
  // The one that had fetched it before has its verified copy.
  expect((await get()).status).toBe(200);
  expect(proxy.events.seen).not.toContain('mismatch kept');

  await site.capture('lab-hello', 'stable', 2);
  expect(await digestOf(await other.get())).toBe(other.download['sha3-384']);
});

it('lacks one: a plain answer', async () => {
  const { proxy, get } = await fresh('lacking');
  server.fault = ({ method }) => (method === 'HEAD' ? { status: 404, code: 'NoSuchKey' } : undefined);
  expect((await get()).status).toBe(404);
  expect(proxy.events.seen).toContain('kept missing');
});

it('is the last to go from a cache without room, whatever was asked for after it', async () => {
  const { download: held, proxy: roomy } = await fresh('roomy');
  const other = (await new Device(roomy.url).install('lab-tool')).snap?.download;
  if (!other) throw new Error('nothing was offered');
  const blocks = Math.ceil(Math.max(held.size, other.size) / 4096);
  const proxy = await site.proxy('tight', undefined, { cacheBytes: blocks * 4096 });
  await proxy.events.until('obeyed 1');
  const device = new Device(proxy.url);
  for (const name of ['lab-hello', 'lab-tool']) {
    const download = (await device.install(name)).snap?.download;
    if (!download) throw new Error('nothing was offered');
    await device.download(download.url).then(wholeBody);
  }
  await proxy.events.until('evicted artefacts');
  expect(proxy.events.seen).not.toContain('evicted kept');
  expect(await readdir(join(site.folder, 'tight', 'kept'))).toEqual([held['sha3-384']]);
});

// Last: it changes the policy.
it('is silent when a policy comes: that is obeyed at once, without what it cannot read yet', async () => {
  const more = await site.capture('lab-hello', 'stable', 5);
  const { proxy } = await fresh('policy');
  server.fault = () => 'silence';
  const held = await site.hold(...more);
  const written = performance.now();
  await proxy.events.until(`obeyed ${held.position}`);
  expect(performance.now() - written).toBeLessThan(8_000);
  expect(proxy.events.seen).toContain('manifest unusable lab-hello');
  expect(proxy.events.seen).toContain(`unanswerable ${more.length}`);
  server.fault = () => undefined;
  await vi.waitFor(
    async () => expect((await new Device(proxy.url).install('lab-hello')).snap?.revision).toBe(5),
    { timeout: 60_000, interval: 1_000 },
  );
  expect(proxy.events.seen.filter((event) => event.startsWith('unanswerable')).at(-1)).toBe('unanswerable 0');
}, 90_000);
