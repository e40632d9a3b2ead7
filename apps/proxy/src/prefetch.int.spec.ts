import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { S3TestServer } from '#blob-store/testing/s3-test-server';
import { Device } from './testing/device.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';

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
});

const copies = async (cache: string): Promise<string[]> => readdir(join(site.folder, cache, 'kept'));

/** Downloads what is held. @returns its digest */
async function get({ url }: RunningProxy, name = 'lab-hello'): Promise<string> {
  const device = new Device(url);
  const download = (await device.install(name)).snap?.download;
  const answer = await device.download(download?.url ?? '');
  expect(answer.status).toBe(200);
  const digest = createHash('sha3-384').update(Buffer.from(await answer.arrayBuffer()));
  expect(digest.digest('hex')).toBe(download?.['sha3-384']);
  return download?.['sha3-384'] ?? '';
}

it('what is held is here before the first device asks, so that the bucket may go away', async () => {
  const proxy = await site.proxy('ahead');
  await proxy.events.until('prefetch missing 0');
  server.fault = () => 'hang-up';
  expect(await copies('ahead')).toEqual([await get(proxy)]);
  expect(proxy.events.seen).not.toContain('cache miss');
});

it('what a new policy holds is fetched as well, and a bucket that is away delays nothing that is decided', async () => {
  const proxy = await site.proxy('changing');
  await proxy.events.until('prefetch missing 0');
  const before = [
    ...(await site.capture('lab-hello', 'stable', 2)),
    ...(await site.capture('lab-tool', 'stable', 4)),
  ];
  // Manifests can be read, artefacts can not.
  server.fault = ({ method }) => (method === 'HEAD' ? { status: 500, code: 'InternalError' } : undefined);
  const held = await site.hold(...before);
  await proxy.events.until(`obeyed ${held.position}`);
  expect(await new Device(proxy.url).install('lab-tool')).toMatchObject({ snap: { revision: 4 } });
  await proxy.events.until('prefetch failed');
  server.fault = () => undefined;
  // A device does not wait for the next attempt.
  await get(proxy, 'lab-tool');
  expect(proxy.events.seen.filter((event) => event.startsWith('unexpected'))).toEqual([]);
});

it('what there is no room for is fetched when a device asks, and so is all where that is set', async () => {
  const small = await site.proxy('small', undefined, { cacheBytes: 0 });
  await small.events.until('prefetch no room 2');
  const off = await site.proxy('off', undefined, { prefetch: false });
  await off.events.until(`obeyed ${site.position}`);
  expect(await copies('off')).toEqual([]);
  await Promise.all([get(small), get(off)]);
  expect(off.events.seen.filter((event) => event.startsWith('prefetch'))).toEqual([]);
});
