import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable, type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ServingError } from '../errors.js';
import { ArtefactCache } from './artefact-cache.js';
import type { ArtefactBody } from './artefact-fetch.js';
import type { ByteRange } from './byte-range.js';
import { CacheSpace } from './cache-space.js';
import { HELD_BACK_BYTES } from './filling.js';
import { pourFile } from './pour-file.js';
import type { ServedFile } from './served-file.js';

const content = randomBytes(300_000);
const artefact = { sha3_384: sha3(content), size: content.length, upstream: 'http://store/x.snap' };
const whole = { start: 0, end: content.length - 1 };

let root: string;
let folder: string;
let space: CacheSpace;
let fetches: number[];
let alarms: string[];
let asked: string[];
let notKept: string[];
/** What the upstream of this test does for its n-th request. */
let answer: (from: number, n: number) => ArtefactBody;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'holdfast-cache-'));
  folder = join(root, 'artefacts');
  space = new CacheSpace(1_000_000, { evicted: () => undefined, notEvicted: () => undefined });
  fetches = [];
  alarms = [];
  asked = [];
  notKept = [];
  answer = (from) => ({ from, bytes: pieces(content.subarray(from)) });
});
afterEach(async () => rm(root, { recursive: true, force: true }));

interface Opened {
  open(of: typeof artefact, range: ByteRange): Promise<Readable>;
  close(): Promise<void>;
}

async function open(): Promise<Opened> {
  const cache = await ArtefactCache.open(
    root,
    (_, from) => {
      fetches.push(from);
      return Promise.resolve(answer(from, fetches.length));
    },
    'upstream',
    space,
    {
      mismatch: (digest, where) => alarms.push(`${where} ${digest}`),
      asked: (result) => asked.push(result),
      notKept: ({ code }) => notKept.push(code),
    },
  );
  return {
    open: async (of, range) => received(await cache.open(of, range.start), range),
    close: () => cache.close(),
  };
}

/** What a device gets of it; fails with what sending failed with. */
function received(served: ServedFile, range: ByteRange): Readable {
  const body = new PassThrough();
  const answer = new Writable({
    // A copy: the sender uses the same memory for the next piece.
    write: (chunk: Uint8Array, _encoding, done) => void body.write(Buffer.from(chunk), done),
    final: (done) => void body.end(done),
  });
  body.once('close', () => answer.destroy());
  pourFile(served, range, answer).catch((error: Error) => body.destroy(error));
  return body;
}

describe('ArtefactCache', () => {
  it('streams what it fetches, and serves it from disk afterwards', async () => {
    const cache = await open();
    expect(await buffer(await cache.open(artefact, whole))).toEqual(content);
    expect(await buffer(await cache.open(artefact, { start: 10, end: 19 }))).toEqual(
      content.subarray(10, 20),
    );
    expect(fetches).toEqual([0]);
    expect(asked).toEqual(['miss', 'hit']);
    expect(await readdir(folder)).toEqual([artefact.sha3_384]);
  });

  it('fetches once for many who ask at the same time, each its own range', async () => {
    const cache = await open();
    answer = (from) => ({ from, bytes: onceAsked(4, content.subarray(from)) });
    const ranges = [0, 1, 70_000, 299_999].map((start) => ({ start, end: whole.end }));
    const bodies = await Promise.all(ranges.map(async (range) => buffer(await cache.open(artefact, range))));
    expect(bodies).toEqual(ranges.map(({ start }) => content.subarray(start)));
    expect(fetches).toEqual([0]);
    expect(asked).toEqual(['miss', 'joined', 'joined', 'joined']);
  });

  it('goes on for the others when the first reader goes away', async () => {
    const gate = Promise.withResolvers<void>();
    answer = (from) => ({ from, bytes: gated(content, 150_000, gate.promise) });
    const cache = await open();
    const first = await cache.open(artefact, whole);
    const second = await cache.open(artefact, whole);
    first.destroy();
    gate.resolve();
    expect(await buffer(second)).toEqual(content);
    expect(fetches).toEqual([0]);
  });

  it('goes on where a broken transfer stopped', async () => {
    answer = (from, n) => ({
      from,
      bytes: n < 3 ? broken(content.subarray(from, from + 100_000)) : pieces(content.subarray(from)),
    });
    expect(await buffer(await (await open()).open(artefact, whole))).toEqual(content);
    expect(fetches).toEqual([0, 100_000, 200_000]);
  });

  it('goes on where it stopped, also with an upstream that ignores ranges', async () => {
    answer = (_, n) => ({ from: 0, bytes: n === 1 ? broken(content.subarray(0, 100_000)) : pieces(content) });
    expect(await buffer(await (await open()).open(artefact, whole))).toEqual(content);
  });

  it('gives nobody the end of a body with another digest, and keeps nothing of it', async () => {
    const tampered = Buffer.from(content);
    tampered.writeUInt8(tampered.readUInt8(5) ^ 1, 5);
    answer = (from) => ({ from, bytes: pieces(tampered.subarray(from)) });
    const cache = await open();
    let seen = 0;
    const body = await cache.open(artefact, whole);
    await expect(
      (async () => {
        for await (const chunk of body as AsyncIterable<Uint8Array>) seen += chunk.length;
      })(),
    ).rejects.toMatchObject({ code: 'artefact-mismatch' });
    expect(seen).toBeLessThanOrEqual(content.length - HELD_BACK_BYTES);
    await cache.close();
    expect(await readdir(folder)).toEqual([]);
    expect(alarms).toEqual([`upstream ${artefact.sha3_384}`]);
  });

  it('completes no range of a body with another digest, wherever the range ends', async () => {
    const cache = await open();
    const wrong = { ...artefact, sha3_384: sha3(Buffer.from('another')) };
    // It fails at its opening, or when all is read and found to be something else.
    const read = async (): Promise<Buffer> => buffer(await cache.open(wrong, { start: 0, end: 149_999 }));
    await expect(read()).rejects.toMatchObject({ code: 'artefact-mismatch' });
  });

  it('completes a range of a good body that ends early', async () => {
    const cache = await open();
    const first = await cache.open(artefact, { start: 0, end: 149_999 });
    expect(await buffer(first)).toEqual(content.subarray(0, 150_000));
  });

  it('gives up in time on an upstream that never begins', async () => {
    const silent = await ArtefactCache.open(
      root,
      (_address, _from, signal) => never(signal),
      'upstream',
      space,
      {
        mismatch: () => undefined,
        asked: () => undefined,
        notKept: () => undefined,
      },
    );
    await expect(silent.open(artefact, 0)).rejects.toMatchObject({ code: 'upstream-unavailable' });
    await silent.close();
  });

  it('does not keep waiting who goes on far behind what has come so far', async () => {
    const gate = Promise.withResolvers<void>();
    answer = (from) => ({ from, bytes: gated(content, 150_000, gate.promise) });
    const cache = await ArtefactCache.open(
      root,
      (_, from) => Promise.resolve(answer(from, 1)),
      'upstream',
      space,
      {
        mismatch: () => undefined,
        asked: () => undefined,
        notKept: () => undefined,
      },
    );
    const far = await cache.open(artefact, 200_000);
    expect(far.late).toBe(true);
    gate.resolve();
    expect(await buffer(received(far, { start: 200_000, end: whole.end }))).toEqual(
      content.subarray(200_000),
    );
  }, 15_000);

  it('gives no byte at all of a small body with another digest', async () => {
    const small = { ...artefact, sha3_384: sha3(Buffer.from('right')), size: 5 };
    answer = (from) => ({ from, bytes: pieces(Buffer.from('wrong')) });
    await expect((await open()).open(small, { start: 0, end: 4 })).rejects.toMatchObject({
      code: 'artefact-mismatch',
    });
  });

  it.each([
    ['more', Buffer.concat([content, Buffer.from('!')]), 'artefact-mismatch'],
    ['less', content.subarray(0, -1), 'upstream-unavailable'],
  ])('refuses %s bytes than were announced', async (_, sent, code) => {
    answer = (from) => ({ from, bytes: pieces(sent.subarray(from)) });
    const cache = await open();
    await expect(cache.open(artefact, whole).then(buffer)).rejects.toMatchObject({ code });
  });

  it('says so when upstream is gone, and asks again the next time', async () => {
    answer = (from, n) => {
      if (n === 1) throw new ServingError('upstream-unavailable', 'gone');
      return { from, bytes: pieces(content) };
    };
    const cache = await open();
    await expect(cache.open(artefact, whole)).rejects.toMatchObject({ code: 'upstream-unavailable' });
    await cache.close();
    expect(await buffer(await (await open()).open(artefact, whole))).toEqual(content);
  });

  it('says so when its own disk is full, blames nobody, and goes on once there is room', async () => {
    const cache = await open();
    await symlink('/dev/full', join(folder, `${artefact.sha3_384}.partial`));
    await expect(cache.open(artefact, whole).then(buffer)).rejects.toMatchObject({
      code: 'cache-unavailable',
      message: expect.stringContaining('ENOSPC') as string,
    });
    expect({ alarms, fetches }).toEqual({ alarms: [], fetches: [0] });
    await vi.waitFor(() => expect(notKept).toEqual(['cache-unavailable']));
    // Who asks before the failed transfer is put away hears of its end.
    const again = () => cache.open(artefact, whole).then(buffer);
    expect(await vi.waitFor(again, { timeout: 10_000 })).toEqual(content);
  });

  it('uses what an earlier process left, but not what was edited meanwhile', async () => {
    await buffer(await (await open()).open(artefact, whole));
    expect(await buffer(await (await open()).open(artefact, whole))).toEqual(content);
    expect(fetches).toEqual([0]);
    await writeFile(join(folder, artefact.sha3_384), Buffer.alloc(content.length));
    expect(await buffer(await (await open()).open(artefact, whole))).toEqual(content);
    expect(fetches).toEqual([0, 0]);
    expect(alarms).toEqual([`disk ${artefact.sha3_384}`]);
  });

  it('notices an edit of a file that this process had verified', async () => {
    const cache = await open();
    await buffer(await cache.open(artefact, whole));
    await buffer(await cache.open(artefact, whole));
    await writeFile(join(folder, artefact.sha3_384), Buffer.alloc(content.length));
    expect(await buffer(await cache.open(artefact, whole))).toEqual(content);
    expect(alarms).toEqual([`disk ${artefact.sha3_384}`]);
  });

  it('sends the file that it verified, also when another one gets its name', async () => {
    const cache = await open();
    await buffer(await cache.open(artefact, whole));
    await buffer(await cache.open(artefact, whole));
    const body = await cache.open(artefact, whole);
    await writeFile(join(folder, 'another'), Buffer.alloc(content.length));
    await rename(join(folder, 'another'), join(folder, artefact.sha3_384));
    const got = await buffer(body).catch(() => content);
    expect(got).toEqual(content);
    expect(await buffer(await cache.open(artefact, whole))).toEqual(content);
    expect(alarms).toEqual([`disk ${artefact.sha3_384}`]);
  });

  it('does not take for its own what gets the name of a file that is being filled', async () => {
    const gate = Promise.withResolvers<void>();
    answer = (from) => ({ from, bytes: gated(content, 150_000, gate.promise) });
    const cache = await open();
    const first = await cache.open(artefact, whole);
    const partial = join(folder, `${artefact.sha3_384}.partial`);
    await writeFile(join(folder, 'another'), Buffer.alloc(content.length));
    await rename(join(folder, 'another'), partial);
    const second = await cache.open(artefact, { start: 100, end: 999 });
    gate.resolve();
    await expect(buffer(second)).rejects.toMatchObject({ code: 'artefact-changed' });
    await buffer(first).catch(() => undefined);
    expect(await buffer(await cache.open(artefact, whole))).toEqual(content);
    expect(alarms).toEqual([`disk ${artefact.sha3_384}`]);
  });

  it('sweeps what a crash left half-filled', async () => {
    await mkdir(folder);
    await writeFile(join(folder, `${artefact.sha3_384}.partial`), 'half');
    await open();
    expect(await readdir(folder)).toEqual([]);
  });
});

function sha3(bytes: Uint8Array): string {
  return createHash('sha3-384').update(bytes).digest('hex');
}

function never(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** Nothing comes before so many have asked. */
async function* onceAsked(many: number, bytes: Buffer): AsyncGenerator<Uint8Array> {
  await vi.waitUntil(() => asked.length >= many, { timeout: 30_000, interval: 5 });
  yield* pieces(bytes);
}

async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 16_384) yield Promise.resolve(bytes.subarray(at, at + 16_384));
}

async function* broken(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield* pieces(bytes);
  throw new ServingError('upstream-unavailable', 'connection reset');
}

async function* gated(bytes: Buffer, first: number, gate: Promise<void>): AsyncGenerator<Uint8Array> {
  yield* pieces(bytes.subarray(0, first));
  await gate;
  yield* pieces(bytes.subarray(first));
}
