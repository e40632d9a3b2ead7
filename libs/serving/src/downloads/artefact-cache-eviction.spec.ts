import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArtefactCache } from './artefact-cache.js';
import { CacheSpace } from './cache-space.js';
import { CacheUpkeep } from './cache-upkeep.js';
import type { FillingArtefact } from './filling.js';
import { pourFile } from './pour-file.js';

const SIZE = 256 * 1024;
const contents = new Map(
  Array.from({ length: 12 }, () => randomBytes(SIZE)).map((bytes) => [sha3(bytes), bytes] as const),
);
const artefacts: readonly FillingArtefact[] = [...contents.keys()].map((sha3_384) => ({
  sha3_384,
  size: SIZE,
  upstream: sha3_384,
}));

interface Made {
  readonly cache: ArtefactCache;
  readonly upkeep: CacheUpkeep;
  readonly evictions: () => number;
  stop(): Promise<void>;
}

let root: string;
let fetches: string[];
let alarms: string[];
/** Of the other side, before each piece. */
let pause: () => Promise<unknown>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'holdfast-evict-'));
  [fetches, alarms, pause] = [[], [], () => Promise.resolve()];
});
afterEach(async () => rm(root, { recursive: true, force: true }));

/** @param room for so many of the artefacts */
async function made(room: number): Promise<Made> {
  let evictions = 0;
  const space = new CacheSpace(room * SIZE, {
    evicted: () => evictions++,
    notEvicted: (_, error) => alarms.push(String(error)),
  });
  const cache = await ArtefactCache.open(
    root,
    (address, from) => {
      fetches.push(address);
      return Promise.resolve({
        from,
        bytes: pieces((contents.get(address) ?? Buffer.alloc(0)).subarray(from)),
      });
    },
    'upstream',
    space,
    {
      mismatch: (digest, where) => alarms.push(`${where} ${digest}`),
      asked: () => undefined,
      notKept: ({ code }) => alarms.push(code),
    },
  );
  const upkeep = await CacheUpkeep.start([{ space, folders: ['artefacts'], ordered: true }], root, (error) =>
    alarms.push(String(error)),
  );
  const stop = async (): Promise<void> => {
    await cache.close();
    await upkeep.stop();
  };
  return { cache, upkeep, evictions: () => evictions, stop };
}

async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 16_384) {
    await pause();
    yield bytes.subarray(at, at + 16_384);
  }
}

/** As a device that takes its time. @returns the digest of what it got @throws what sending failed with */
async function download({ cache }: Made, artefact: FillingArtefact, start = 0): Promise<string> {
  const got: Buffer[] = [(contents.get(artefact.sha3_384) ?? Buffer.alloc(0)).subarray(0, start)];
  const answer = new Writable({
    write: (chunk: Uint8Array, _encoding, done) => {
      got.push(Buffer.from(chunk));
      setImmediate(done);
    },
  });
  await pourFile(await cache.open(artefact, start), { start, end: SIZE - 1 }, answer);
  return sha3(Buffer.concat(got));
}

async function onDisk(): Promise<readonly string[]> {
  return readdir(join(root, 'artefacts'));
}

describe('a cache that is too small', () => {
  it('cuts off nobody, however many ask for however much at the same time', async () => {
    const proxy = await made(3);
    pause = turn;
    const asked = Array.from({ length: 96 }, (_, i) => artefacts[(i * 7) % artefacts.length]).filter(
      (artefact) => artefact !== undefined,
    );
    // Some begin while others are half done.
    const got = await Promise.all(
      asked.map(async (artefact, i) => {
        for (let wait = 0; wait < i * 3; wait++) await turn();
        return download(proxy, artefact, i % 3 === 0 ? 100_000 : 0);
      }),
    );
    expect(got).toEqual(asked.map(({ sha3_384 }) => sha3_384));
    await proxy.stop();
    expect(alarms).toEqual([]);
    expect(proxy.evictions()).toBeGreaterThan(artefacts.length - 4);
    expect((await onDisk()).length).toBeLessThanOrEqual(3);
  });

  it('serves what is larger than all of it, and keeps it no longer than for its transfer', async () => {
    const proxy = await made(0.5);
    const [first] = artefacts as [FillingArtefact];
    const two = await Promise.all([download(proxy, first), download(proxy, first, 1000)]);
    expect(two).toEqual([first.sha3_384, first.sha3_384]);
    expect(fetches).toEqual([first.upstream]);
    await proxy.stop();
    expect(await onDisk()).toEqual([]);
    const again = await made(0.5);
    expect(await download(again, first)).toBe(first.sha3_384);
    await again.stop();
    expect(alarms).toEqual([]);
  });

  it('keeps across a restart what was used last', async () => {
    const [a, b, c, d] = artefacts as [FillingArtefact, FillingArtefact, FillingArtefact, FillingArtefact];
    const before = await made(3);
    for (const each of [a, b, c, a]) await download(before, each);
    await before.stop();
    const after = await made(3);
    await download(after, d);
    await after.stop();
    expect((await onDisk()).toSorted()).toEqual([a, c, d].map(({ sha3_384 }) => sha3_384).toSorted());
    expect(fetches).toHaveLength(4);
  });
});

function sha3(bytes: Uint8Array): string {
  return createHash('sha3-384').update(bytes).digest('hex');
}
