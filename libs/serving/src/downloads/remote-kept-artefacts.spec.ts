import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArtefactCache } from './artefact-cache.js';
import { CacheSpace } from './cache-space.js';
import { RemoteKeptArtefacts } from './remote-kept-artefacts.js';
import type { ServedFile } from './served-file.js';

const content = randomBytes(300_000);
const artefact = {
  sha256: createHash('sha256').update(content).digest('hex'),
  sha3_384: createHash('sha3-384').update(content).digest('hex'),
  size: content.length,
};

let folder: string;
let looks: number;
let alarms: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-kept-cache-'));
  looks = 0;
  alarms = [];
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

async function kept(bytes: (from: number) => AsyncIterable<Uint8Array>) {
  const cache = await ArtefactCache.open(
    folder,
    (_, from) => Promise.resolve({ from, bytes: bytes(from) }),
    'kept',
    new CacheSpace(1_000_000, { evicted: () => undefined, notEvicted: () => undefined }),
    {
      mismatch: (_, where) => alarms.push(where),
      asked: () => undefined,
      notKept: () => undefined,
    },
  );
  const size = () => Promise.resolve(++looks && content.length);
  return { cache, artefacts: new RemoteKeptArtefacts({ size }, cache) };
}

function file(opened: ServedFile | string): ServedFile {
  if (typeof opened === 'string') throw new Error(opened);
  return opened;
}

describe('kept artefacts of another machine', () => {
  it('are looked for once while they are on their way, and no more when they are here', async () => {
    const gate = Promise.withResolvers<void>();
    const { artefacts, cache } = await kept(async function* () {
      yield content.subarray(0, 150_000);
      await gate.promise;
      yield content.subarray(150_000);
    });
    const opened = [await artefacts.open(artefact, 0), await artefacts.open(artefact, 10)].map(file);
    expect(looks).toBe(1);
    gate.resolve();
    await Promise.all(opened.map(({ verified }) => verified()));
    opened.push(file(await artefacts.open(artefact, 0)));
    expect(looks).toBe(1);
    for (const each of opened) await each.close();
    await cache.close();
  });

  it('are what is away, not upstream, also when they stop in the middle', async () => {
    const { artefacts, cache } = await kept(async function* (from) {
      await Promise.resolve();
      if (from === 0) yield content.subarray(0, 150_000);
    });
    const opened = file(await artefacts.open(artefact, 0));
    await expect(opened.released(200_000)).rejects.toMatchObject({ code: 'kept-unavailable' });
    await opened.close();
    await cache.close();
  });

  it('are what is altered, not what upstream sent', async () => {
    const { artefacts, cache } = await kept(async function* () {
      yield Promise.resolve(randomBytes(content.length));
    });
    await expect(artefacts.open(artefact, 250_000)).rejects.toMatchObject({ code: 'artefact-mismatch' });
    await cache.close();
    expect(alarms).toEqual(['kept']);
  });
});
