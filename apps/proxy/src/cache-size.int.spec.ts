import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Device } from './testing/device.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';

let site: ProxySite;
let proxy: RunningProxy;
let one: string;
let other: string;

beforeAll(async () => {
  site = await ProxySite.start();
  await site.hold();
  proxy = await started({ cacheBytes: 0 });
  one = await get(proxy, 'lab-tool');
  other = await get(proxy, 'snapd');
});
afterAll(() => site.close());

async function started(more: { readonly cacheBytes: number }): Promise<RunningProxy> {
  const running = await site.proxy('cache', undefined, more);
  await running.events.until(`obeyed ${site.position}`);
  return running;
}

/** Installs and downloads. @returns the artefact's digest */
async function get({ url }: RunningProxy, name: string): Promise<string> {
  const device = new Device(url);
  const download = (await device.install(name)).snap?.download;
  if (!download) throw new Error('nothing was offered');
  const answer = await device.download(download.url);
  expect((await answer.arrayBuffer()).byteLength).toBe(download.size);
  return download['sha3-384'];
}

const copies = async (): Promise<string[]> => readdir(join(site.folder, 'cache', 'artefacts'));

it('keeps nothing where nothing may be kept, and says so', async () => {
  // A device may have all of it before the transfer is done with its file.
  const evicted = (): number => proxy.events.seen.filter((event) => event === 'evicted artefacts').length;
  await vi.waitUntil(() => evicted() === 2, { timeout: 30_000 });
  await proxy.made.room.artefacts.settled();
  expect(await copies()).toEqual([]);
  expect(evicted()).toBe(2);
});

it('keeps what there is room for, also across a restart with less room', async () => {
  await proxy.stop();
  proxy = await started({ cacheBytes: 1024 ** 3 });
  for (const name of ['snapd', 'lab-tool', 'snapd']) await get(proxy, name);
  const both = [one, other].toSorted();
  await vi.waitUntil(async () => (await copies()).toSorted().join() === both.join(), { timeout: 30_000 });
  const bytes = [...proxy.made.room.artefacts.all.values()].map((file) => file.bytes);
  await proxy.stop();
  proxy = await started({ cacheBytes: Math.max(...bytes) });
  await proxy.made.room.artefacts.settled();
  expect(await copies()).toEqual([other]);
  expect(proxy.made.room.usage()).toMatchObject([
    { folder: 'artefacts', files: 1 },
    { folder: 'kept', files: 0 },
    { folder: 'assertions' },
    { folder: 'answers' },
  ]);
  expect(proxy.events.seen).not.toContain('cache miss');
});
