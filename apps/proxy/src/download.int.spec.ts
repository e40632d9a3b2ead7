import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Device } from './testing/device.js';
import { holdingHello } from './testing/holding-hello.js';
import type { ProxySite, RunningProxy } from './testing/proxy-site.js';

let site: ProxySite;
let proxy: RunningProxy;
let device: Device;

beforeAll(async () => {
  ({ site, proxy, device } = await holdingHello());
});
afterAll(async () => site.close());
afterEach(() => site.store.fault({ mode: 'none' }));

async function offered(name: string, more = {}) {
  const download = (await device.install(name, more)).snap?.download;
  if (!download) throw new Error('nothing was offered');
  return download;
}

async function digestOf(answer: Response): Promise<string> {
  return createHash('sha3-384')
    .update(Buffer.from(await answer.arrayBuffer()))
    .digest('hex');
}

describe.each(['lab-hello', 'lab-tool'])('a download of %s', (name) => {
  it('is whole, uncompressed, and what was offered', async () => {
    const { url, size, 'sha3-384': digest } = await offered(name);
    const answer = await device.download(url, { 'accept-encoding': 'gzip' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-length')).toBe(String(size));
    expect(answer.headers.get('accept-ranges')).toBe('bytes');
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(await digestOf(answer)).toBe(digest);
  });

  it('goes on where it broke', async () => {
    const { url, size } = await offered(name);
    const whole = Buffer.from(await (await device.download(url)).arrayBuffer());
    const rest = await device.download(url, { range: 'bytes=1000-' });
    expect(rest.status).toBe(206);
    expect(rest.headers.get('content-range')).toBe(`bytes 1000-${size - 1}/${size}`);
    expect(Buffer.from(await rest.arrayBuffer())).toEqual(whole.subarray(1000));
    const part = await device.download(url, { range: 'bytes=10-19' });
    expect(part.headers.get('content-length')).toBe('10');
    expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(10, 20));
  });

  it('refuses a range behind its end', async () => {
    const { url, size } = await offered(name);
    const answer = await device.download(url, { range: `bytes=${size}-` });
    expect(answer.status).toBe(416);
    expect(answer.headers.get('content-range')).toBe(`bytes */${size}`);
  });

  it('tells its size to HEAD', async () => {
    const { url, size } = await offered(name);
    const answer = await device.download(url, {}, 'HEAD');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-length')).toBe(String(size));
  });

  it('is bound to the store that asked for it', async () => {
    const { url } = await offered(name);
    expect((await device.download(url, { 'x-ubuntu-store': 'another-brand' })).status).toBe(403);
  });
});

it('serves a brand its own downloads', async () => {
  const branded = new Device(proxy.url, 'amd64', { 'snap-device-store': 'a-brand' });
  const url = (await branded.install('lab-hello')).snap?.download.url ?? '';
  expect((await device.download(url, { 'x-ubuntu-store': 'a-brand' })).status).toBe(200);
  expect((await device.download(url)).status).toBe(403);
});

it('fetches once for many devices', async () => {
  const { url, 'sha3-384': digest } = await offered('lab-tool', { channel: 'edge' });
  const answers = await Promise.all(Array.from({ length: 8 }, () => device.download(url)));
  expect(await Promise.all(answers.map(digestOf))).toEqual(Array.from({ length: 8 }, () => digest));
  await site.upstream.shut();
  expect(await digestOf(await device.download(url))).toBe(digest);
  await site.upstream.reopen();
});

it('serves held artefacts without upstream', async () => {
  await site.upstream.shut();
  const { url, 'sha3-384': digest } = await offered('lab-hello');
  expect(await digestOf(await device.download(url))).toBe(digest);
  await site.upstream.reopen();
});

it('serves nothing of an artefact that upstream sent tampered, and keeps nothing of it', async () => {
  const { url, 'sha3-384': digest } = await offered('lab-tool', { channel: 'candidate' });
  site.store.fault({ mode: 'tamper-blob' });
  const answer = await device.download(url).then(
    async (response) =>
      response.ok
        ? `${response.status} ${await digestOf(response).catch(() => 'cut off')}`
        : String(response.status),
    () => 'cut off',
  );
  expect(['502', '200 cut off', 'cut off']).toContain(answer);
  await proxy.events.until('mismatch upstream');
  site.store.fault({ mode: 'none' });
  expect(await digestOf(await device.download(url))).toBe(digest);
});

it('serves nothing with another size than was offered', async () => {
  site.store.fault({ mode: 'wrong-size' });
  const { url } = await offered('bare');
  await expect(
    device
      .download(url)
      .then(async (response) =>
        response.ok ? response.arrayBuffer() : Promise.reject(new Error('refused')),
      ),
  ).rejects.toThrow(/./);
});

it('says when upstream has not got it', async () => {
  const { url } = await offered('snapd');
  await site.upstream.shut();
  const answer = await device.download(url);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ 'error-list': [{ code: 'upstream-unavailable' }] });
  await site.upstream.reopen();
});

it('notices a cached artefact that was edited, and fetches it again', async () => {
  const { url, 'sha3-384': digest } = await offered('lab-tool');
  expect(await digestOf(await device.download(url))).toBe(digest);
  await flipByte(join(site.folder, 'cache', 'artefacts', digest));
  expect(await digestOf(await device.download(url))).toBe(digest);
  expect(proxy.events.seen).toContain('mismatch disk');
});

it.each(['not-a-token', 'AAAA', encodeURIComponent('../../secrets/proxy.key'), 'x'.repeat(3000)])(
  'refuses the address %s',
  async (token) => {
    const answer = await device.download(`${proxy.url}/download/${token}/x.snap`);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ 'error-list': [{ code: 'download-refused' }] });
  },
);

// Last: what it breaks stays broken.
it('refuses a kept artefact that was edited, also after it had served it', async () => {
  const { url } = await offered('lab-hello');
  expect((await device.download(url)).status).toBe(200);
  for (const shard of await readdir(join(site.folder, 'kept', 'sha256'))) {
    for (const name of await readdir(join(site.folder, 'kept', 'sha256', shard))) {
      await flipByte(join(site.folder, 'kept', 'sha256', shard, name));
    }
  }
  const answer = await device.download(url);
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ 'error-list': [{ code: 'artefact-missing' }] });
  expect((await device.download(url, {}, 'HEAD')).status).toBe(404);
  expect(proxy.events.seen).toContain('kept altered');
});

async function flipByte(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  await writeFile(path, bytes);
}
