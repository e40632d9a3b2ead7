import { Readable } from 'node:stream';
import { sha256Hex } from '#kernel';
import { BlobHasher } from '../blob-hasher.js';
import {
  BlobStoreError,
  type BlobDigest,
  type BlobFacts,
  type BlobStore,
  type ExpectedBlob,
} from '../port.js';

/** A blob store for tests; passes the same contract as the real ones. */
export class MemoryBlobStore implements BlobStore {
  private readonly blobs = new Map<BlobDigest, Buffer>();

  async put(content: AsyncIterable<Uint8Array>, expected?: ExpectedBlob): Promise<BlobFacts> {
    const hasher = new BlobHasher(expected);
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) {
      hasher.update(chunk);
      chunks.push(Uint8Array.from(chunk));
    }
    const facts = hasher.finish();
    this.blobs.set(facts.sha256, Buffer.concat(chunks));
    return facts;
  }

  size(digest: BlobDigest): Promise<number | undefined> {
    return Promise.resolve(this.blobs.get(digest)?.length);
  }

  async open(
    digest: BlobDigest,
    range?: { readonly start: number; readonly end?: number },
  ): Promise<Readable> {
    const blob = this.get(digest);
    const end = range?.end === undefined ? blob.length : range.end + 1;
    return Promise.resolve(Readable.from([blob.subarray(range?.start ?? 0, end)]));
  }

  async read(digest: BlobDigest): Promise<Uint8Array> {
    const blob = this.get(digest);
    if (!(await this.verify(digest))) {
      throw new BlobStoreError('digest-mismatch', `the content of blob ${digest} isn't what its name says`);
    }
    return Uint8Array.from(blob);
  }

  verify(digest: BlobDigest): Promise<boolean> {
    const blob = this.blobs.get(digest);
    return Promise.resolve(blob !== undefined && sha256Hex(blob) === digest);
  }

  async *list(after = ''): AsyncGenerator<BlobDigest> {
    yield* await Promise.resolve([...this.blobs.keys()].sort().filter((digest) => digest > after));
  }

  async quarantine(digest: BlobDigest): Promise<boolean> {
    const damaged = this.blobs.has(digest) && !(await this.verify(digest));
    if (damaged) this.blobs.delete(digest);
    return damaged;
  }

  /** How many blobs there are: what a refused content must not change. */
  get count(): number {
    return this.blobs.size;
  }

  /** What a failing disk does. */
  truncate(digest: BlobDigest): void {
    this.blobs.set(digest, this.get(digest).subarray(0, -1));
  }

  private get(digest: BlobDigest): Buffer {
    const blob = this.blobs.get(digest);
    if (!blob) throw new BlobStoreError('not-found', `there is no blob ${digest}`);
    return blob;
  }
}
