import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Device } from '#apps/proxy/src/testing/device';
import { ProxySite } from '#apps/proxy/src/testing/proxy-site';
import { BlobLayout } from '#blob-store/filesystem/blob-layout';
import { scrubRecord } from '#catalog/scrub/scrub-record';
import { InMemoryEventStore } from '#event-store/fake/in-memory-event-store';
import { decodeEvent, sha256Hex, systemClock } from '#kernel';
import { StreamWriter } from '#platform/decide-and-append';
import { openKept } from './open-kept.js';
import { scrub } from './scrub.js';

let site: ProxySite;
beforeAll(async () => {
  site = await ProxySite.start();
});
afterAll(async () => site.close());

const store = new InMemoryEventStore();
const record = scrubRecord(new StreamWriter(store, 'Etc/UTC'), systemClock, 'host');

async function run(after?: string): Promise<{ whole: boolean; lines: string[] }> {
  const lines: string[] = [];
  const { blobs } = await openKept(undefined, join(site.folder, 'kept'));
  const signal = new AbortController().signal;
  const whole = await scrub(after, { blobs, record, signal }, (line) => lines.push(line));
  return { whole, lines };
}

async function events(): Promise<string[]> {
  const types: string[] = [];
  for await (const { bytes } of store.readStream('kept-blobs')) types.push(decodeEvent(bytes).type);
  return types;
}

it('R39: finds a flipped byte; the proxy refuses the blob; another capture brings it back', async () => {
  await site.hold(...(await site.capture('lab-hello', 'stable', 2)));
  const proxy = await site.proxy();
  await proxy.events.until('obeyed 1');
  const device = new Device(proxy.url);
  const url = (await device.install('lab-hello')).snap?.download.url ?? '';
  const bytes = Buffer.from(await (await device.download(url)).arrayBuffer());
  expect(await run()).toMatchObject({ whole: true, lines: [expect.stringMatching(/none is damaged$/)] });

  const layout = new BlobLayout(join(site.folder, 'kept'));
  const digest = sha256Hex(bytes);
  const flipped = await readFile(layout.blob(digest));
  flipped.writeUInt8(flipped.readUInt8(100) ^ 0x40, 100);
  await writeFile(layout.blob(digest), flipped);
  const found = await run();
  expect(found.whole).toBe(false);
  expect(found.lines[0]).toMatch(new RegExp(`^${digest} is damaged`));
  expect(await readFile(join(layout.quarantine, digest))).toEqual(flipped);
  expect((await device.download(url)).status).toBe(404);
  expect((await run()).whole).toBe(true);
  expect(await events()).toEqual(['KeptBlobDamaged']);

  await site.capture('lab-hello', 'stable', 2);
  expect(Buffer.from(await (await device.download(url)).arrayBuffer())).toEqual(bytes);
  expect((await run()).lines[0]).toMatch(/whole again/);
  expect(await events()).toEqual(['KeptBlobDamaged', 'KeptBlobRestored']);
});

it('goes on where it was interrupted', async () => {
  const names = (await run()).lines.at(-1) ?? '';
  const [, all = '0'] = /^read (\d+)/.exec(names) ?? [];
  const { blobs } = await openKept(undefined, join(site.folder, 'kept'));
  const [first = ''] = await firstOf(blobs.list());
  expect((await run(first)).lines.at(-1)).toMatch(new RegExp(`^read ${Number(all) - 1} `));
});

async function firstOf(digests: AsyncIterable<string>): Promise<string[]> {
  for await (const digest of digests) return [digest];
  return [];
}
