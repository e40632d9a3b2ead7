import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Device } from './testing/device.js';
import { ProxySite, type RunningProxy } from './testing/proxy-site.js';

let site: ProxySite;
let proxy: RunningProxy;
let device: Device;
let cache: string;

beforeAll(async () => {
  site = await ProxySite.start();
  await site.hold(...(await site.capture('lab-hello', 'stable', 2)));
  proxy = await site.proxy();
  device = new Device(proxy.url);
  cache = join(site.folder, 'cache');
  await proxy.events.until('obeyed 1');
});
afterAll(() => site.close());

async function offered(name: string) {
  const download = (await device.install(name)).snap?.download;
  if (!download) throw new Error('nothing was offered');
  return download;
}

/** @returns the code of the refusal */
async function refused(url: string): Promise<unknown> {
  const answer = await device.download(url);
  expect(answer.status).toBe(503);
  return ((await answer.json()) as { 'error-list': { code: string }[] })['error-list'][0]?.code;
}

it('says that the cache takes nothing', async () => {
  const { url, 'sha3-384': digest } = await offered('lab-tool');
  const full = join(cache, 'artefacts', `${digest}.partial`);
  await symlink('/dev/full', full);
  expect(await refused(url)).toBe('cache-unavailable');
  await proxy.events.until('download failed cache-unavailable');
});

it('says that a kept blob cannot be read, and serves it once it can', async () => {
  const { url } = await offered('lab-hello');
  const folder = join(site.folder, 'kept', 'sha256');
  for (const shard of await readdir(folder)) {
    for (const name of await readdir(join(folder, shard))) {
      await rename(join(folder, shard, name), join(site.folder, name));
      await mkdir(join(folder, shard, name));
    }
  }
  expect(await refused(url)).toBe('kept-unavailable');
  expect((await device.download(url, {}, 'HEAD')).status).toBe(503);
  expect(proxy.events.seen).toContain('download failed kept-unavailable');
  for (const shard of await readdir(folder)) {
    for (const name of await readdir(join(folder, shard))) {
      await rm(join(folder, shard, name), { recursive: true });
      await rename(join(site.folder, name), join(folder, shard, name));
    }
  }
  expect((await device.download(url)).status).toBe(200);
});

it('answers with an assertion that it can neither keep nor look up', async () => {
  const relayed = join(cache, 'assertions');
  await rm(relayed, { recursive: true, force: true });
  await writeFile(relayed, 'in the way');
  const before = proxy.events.seen.length;
  const digest = Buffer.from((await offered('lab-tool'))['sha3-384'], 'hex').toString('base64url');
  const path = `snap-revision/${digest}`;
  const answer = await device.assertion(path);
  expect(answer.status).toBe(200);
  expect(proxy.events.seen.slice(before)).toContain('download failed cache-unavailable');
  await site.upstream.shut();
  expect((await device.assertion(path)).status).toBe(503);
  await site.upstream.reopen();
});

it('answers what upstream says although it cannot be remembered', async () => {
  const answers = join(cache, 'answers');
  await rm(answers, { recursive: true, force: true });
  await writeFile(answers, 'in the way');
  const before = proxy.events.seen.length;
  expect(await device.install('lab-tool', { channel: 'edge' })).toMatchObject({ result: 'install' });
  await proxy.made.serving.parts.remembered.close();
  expect(proxy.events.seen.slice(before)).toContain('download failed cache-unavailable');
  await site.upstream.shut();
  expect(await device.install('lab-tool', { channel: 'edge' })).toMatchObject({ result: 'error' });
  expect(await device.install('lab-hello')).toMatchObject({ snap: { revision: 2 } });
  await site.upstream.reopen();
});

it('was no fault of the program', () => {
  expect(proxy.events.seen.filter((event) => event.startsWith('unexpected'))).toEqual([]);
});
