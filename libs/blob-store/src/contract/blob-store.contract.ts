import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BlobDigest, BlobFacts, BlobStore } from '../port.js';

/** A store to try, and what a disk can do to it. */
export interface BlobStoreUnderTest {
  readonly store: BlobStore;
  truncate(digest: BlobDigest): Promise<void>;
  dispose(): Promise<void>;
}

/** What every blob store must do, whatever it keeps its blobs in. */
export function blobStoreContract(name: string, make: () => Promise<BlobStoreUnderTest>): void {
  describe(`blob store contract: ${name}`, () => {
    let tested: BlobStoreUnderTest;
    beforeEach(async () => {
      tested = await make();
    });
    afterEach(async () => tested.dispose());

    const content = Buffer.from('what an approval depends on');

    it('gives back what was put, under its digest', async () => {
      const facts = await tested.store.put(chunks(content, 5));
      expect(facts).toEqual(factsOf(content));
      expect(Buffer.from(await tested.store.read(facts.sha256))).toEqual(content);
      expect(await tested.store.size(facts.sha256)).toBe(content.length);
      expect(await tested.store.verify(facts.sha256)).toBe(true);
      expect(await collect(await tested.store.open(facts.sha256))).toEqual(content);
    });

    it('gives ranges, the end inclusive', async () => {
      const { sha256 } = await tested.store.put(chunks(content, 64));
      expect(await collect(await tested.store.open(sha256, { start: 5, end: 6 }))).toEqual(
        content.subarray(5, 7),
      );
      expect(await collect(await tested.store.open(sha256, { start: 20 }))).toEqual(content.subarray(20));
    });

    it('keeps an empty blob, and the same content once', async () => {
      const empty = await tested.store.put(chunks(Buffer.alloc(0), 1));
      expect(await tested.store.size(empty.sha256)).toBe(0);
      const [one, other] = await Promise.all([
        tested.store.put(chunks(content, 3)),
        tested.store.put(chunks(content, 4)),
      ]);
      expect(one).toEqual(other);
      expect(await tested.store.verify(one.sha256)).toBe(true);
    });

    it.each([
      ['a longer content', { size: content.length - 1 }, 'size-mismatch'],
      ['a shorter content', { size: content.length + 1 }, 'size-mismatch'],
      ['another SHA-256', { sha256: '0'.repeat(64) }, 'digest-mismatch'],
      ['another SHA3-384', { sha3_384: '0'.repeat(96) }, 'digest-mismatch'],
    ])('refuses %s than expected and keeps nothing', async (_, expected, code) => {
      await expect(tested.store.put(chunks(content, 7), expected)).rejects.toMatchObject({ code });
      expect(await tested.store.size(factsOf(content).sha256)).toBeUndefined();
    });

    it('keeps nothing of a source that breaks off, and passes its error on', async () => {
      const lost = new Error('connection lost');
      await expect(tested.store.put(breakingOff(content, lost))).rejects.toBe(lost);
      expect(await tested.store.size(factsOf(content).sha256)).toBeUndefined();
    });

    it('says that there is no such blob, also for a name that is none', async () => {
      for (const digest of ['0'.repeat(64), '../../etc/passwd', '']) {
        await expect(tested.store.open(digest)).rejects.toMatchObject({ code: 'not-found' });
        await expect(tested.store.read(digest)).rejects.toMatchObject({ code: 'not-found' });
        expect(await tested.store.size(digest)).toBeUndefined();
        expect(await tested.store.verify(digest)).toBe(false);
      }
    });

    it('notices a damaged blob, and heals it when the content is put again', async () => {
      const { sha256 } = await tested.store.put(chunks(content, 64));
      await tested.truncate(sha256);
      expect(await tested.store.verify(sha256)).toBe(false);
      await expect(tested.store.read(sha256)).rejects.toMatchObject({ code: 'digest-mismatch' });
      await tested.store.put(chunks(content, 64));
      expect(await tested.store.verify(sha256)).toBe(true);
    });

    it('lists every blob in order, from where one left off', async () => {
      const kept: string[] = [];
      for (const text of ['one', 'two', 'three', 'four', 'five']) {
        kept.push((await tested.store.put(chunks(Buffer.from(text), 2))).sha256);
      }
      kept.sort();
      expect(await all(tested.store.list())).toEqual(kept);
      expect(await all(tested.store.list(kept[2]))).toEqual(kept.slice(3));
      expect(await all(tested.store.list(kept[4]))).toEqual([]);
    });

    it('quarantines a damaged blob, never a whole one, and takes it again', async () => {
      const { sha256 } = await tested.store.put(chunks(content, 64));
      expect(await tested.store.quarantine(sha256)).toBe(false);
      expect(await tested.store.verify(sha256)).toBe(true);
      await tested.truncate(sha256);
      expect(await tested.store.quarantine(sha256)).toBe(true);
      expect(await tested.store.size(sha256)).toBeUndefined();
      expect(await all(tested.store.list())).toEqual([]);
      expect(await tested.store.quarantine(sha256)).toBe(false);
      await tested.store.put(chunks(content, 64));
      expect(await tested.store.verify(sha256)).toBe(true);
    });
  });
}

async function* chunks(content: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield Promise.resolve(content.subarray(at, at + size));
}

async function* breakingOff(content: Buffer, error: Error): AsyncGenerator<Uint8Array> {
  yield content;
  await Promise.reject(error);
}

async function all(digests: AsyncIterable<BlobDigest>): Promise<BlobDigest[]> {
  const listed: BlobDigest[] = [];
  for await (const digest of digests) listed.push(digest);
  return listed;
}

async function collect(stream: Readable): Promise<Buffer> {
  return Buffer.concat(await stream.toArray());
}

function factsOf(content: Buffer): BlobFacts {
  const digest = (algorithm: string) => createHash(algorithm).update(content).digest('hex');
  return { sha256: digest('sha256'), sha3_384: digest('sha3-384'), size: content.length };
}
