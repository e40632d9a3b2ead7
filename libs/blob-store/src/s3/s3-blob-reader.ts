import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { addAbortSignal, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { sha256Hex } from '#kernel';
import { BlobStoreError, isBlobDigest, type BlobDigest, type BlobReader } from '../port.js';
import type { S3Connection } from './s3-connection.js';
import { httpStatus, isNoSuchKey, onS3 } from './s3-errors.js';

const RANGE_NOT_SATISFIABLE = 416;

/** Blobs in a bucket that somebody else writes: what a proxy gets of the kept blobs. */
export class S3BlobReader implements BlobReader {
  constructor(protected readonly s3: S3Connection) {}

  async size(digest: BlobDigest, signal?: AbortSignal): Promise<number | undefined> {
    return (await this.head(digest, signal))?.size;
  }

  async open(
    digest: BlobDigest,
    range?: { readonly start: number; readonly end?: number },
    signal?: AbortSignal,
  ): Promise<Readable> {
    this.mustBeDigest(digest);
    const bytes =
      range === undefined || (range.start === 0 && range.end === undefined)
        ? undefined
        : `bytes=${range.start}-${range.end ?? ''}`;
    const body = await this.get(this.s3.blob(digest), digest, bytes, signal);
    return body ?? Readable.from([], { objectMode: false });
  }

  async read(digest: BlobDigest, signal?: AbortSignal): Promise<Uint8Array> {
    const bytes = await buffer(await this.open(digest, undefined, signal));
    if (sha256Hex(bytes) !== digest) {
      throw new BlobStoreError('digest-mismatch', `the content of blob ${digest} isn't what its name says`);
    }
    return bytes;
  }

  async verify(digest: BlobDigest): Promise<boolean> {
    if (!isBlobDigest(digest)) return false;
    return this.holds(this.s3.blob(digest), digest);
  }

  async *list(after?: BlobDigest): AsyncGenerator<BlobDigest> {
    const { client, bucket, blobs } = this.s3;
    for (let last = after === undefined ? blobs : this.s3.blob(after); ;) {
      const page = new ListObjectsV2Command({ Bucket: bucket, Prefix: blobs, StartAfter: last });
      const { Contents = [], IsTruncated } = await onS3(this.s3, `list ${blobs}`, () => client.send(page));
      for (const { Key = '' } of Contents) {
        last = Key;
        const digest = Key.slice(-64);
        if (isBlobDigest(digest) && Key === this.s3.blob(digest)) yield digest;
      }
      if (!IsTruncated || Contents.length === 0) return;
    }
  }

  /** Its size and the server's tag of this very content. @returns undefined when there is no such blob */
  protected async head(
    digest: BlobDigest,
    signal?: AbortSignal,
  ): Promise<{ size: number; etag: string | undefined } | undefined> {
    if (!isBlobDigest(digest)) return undefined;
    const { client, bucket } = this.s3;
    return onS3(this.s3, `look at blob ${digest}`, async () => {
      try {
        const command = new HeadObjectCommand({ Bucket: bucket, Key: this.s3.blob(digest) });
        const { ContentLength, ETag } = await client.send(command, signal ? { abortSignal: signal } : {});
        return { size: ContentLength ?? 0, etag: ETag };
      } catch (error) {
        if (isNoSuchKey(error)) return undefined;
        throw error;
      }
    });
  }

  /** Whether an object has this digest; false when there is none. An answer that breaks off is an error, not damage. */
  protected async holds(key: string, digest: BlobDigest): Promise<boolean> {
    const hash = createHash('sha256');
    try {
      const body = await this.get(key, digest);
      for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) hash.update(chunk);
    } catch (error) {
      if (error instanceof BlobStoreError && error.code === 'not-found') return false;
      throw error;
    }
    return hash.digest('hex') === digest;
  }

  /** @returns undefined for a range that begins after the end */
  private async get(
    key: string,
    digest: BlobDigest,
    range?: string,
    signal?: AbortSignal,
  ): Promise<Readable | undefined> {
    const { client, bucket } = this.s3;
    const command = new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      ...(range === undefined ? {} : { Range: range }),
    });
    return onS3(this.s3, `read blob ${digest}`, async () => {
      try {
        const { Body } = await client.send(command, signal ? { abortSignal: signal } : {});
        const body = Body as Readable;
        if (signal) addAbortSignal(signal, body);
        return Readable.from(this.told(body, digest), { objectMode: false });
      } catch (error) {
        if (httpStatus(error) === RANGE_NOT_SATISFIABLE) return undefined;
        if (!isNoSuchKey(error)) throw error;
        throw new BlobStoreError('not-found', `there is no blob ${digest}`, { cause: error });
      }
    });
  }

  private async *told(body: AsyncIterable<Uint8Array>, digest: BlobDigest): AsyncGenerator<Uint8Array> {
    const chunks = body[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await onS3(this.s3, `read blob ${digest}`, () => chunks.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await chunks.return?.();
    }
  }

  private mustBeDigest(digest: BlobDigest): void {
    if (!isBlobDigest(digest)) throw new BlobStoreError('not-found', `there is no blob ${digest}`);
  }
}
