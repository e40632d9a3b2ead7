import { open, readdir, readFile, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { sha256Hex } from '#kernel';
import { BlobStoreError, isBlobDigest, type BlobDigest, type BlobReader } from '../port.js';
import { hashFile } from './hash-file.js';
import { BlobLayout } from './blob-layout.js';
import { isMissing, onDisk, systemCode } from './file-system-errors.js';

/** A blob folder that somebody else writes: what a proxy gets of the kept blobs. Leaves no trace in the folder. */
export class FilesystemBlobReader implements BlobReader {
  protected readonly layout: BlobLayout;

  constructor(folder: string) {
    this.layout = new BlobLayout(folder);
  }

  async size(digest: BlobDigest): Promise<number | undefined> {
    if (!isBlobDigest(digest)) return undefined;
    try {
      return (await stat(this.layout.blob(digest))).size;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new BlobStoreError('unavailable', `cannot look at blob ${digest}: ${systemCode(error)}`, {
        cause: error,
      });
    }
  }

  async open(
    digest: BlobDigest,
    range?: { readonly start: number; readonly end?: number },
  ): Promise<Readable> {
    const file = await this.openFile(digest);
    return file.createReadStream({
      start: range?.start ?? 0,
      ...(range?.end === undefined ? {} : { end: range.end }),
    });
  }

  async read(digest: BlobDigest): Promise<Uint8Array> {
    const file = await this.openFile(digest);
    try {
      const bytes = await onDisk(`read blob ${digest}`, () => readFile(file));
      if (sha256Hex(bytes) !== digest) {
        throw new BlobStoreError('digest-mismatch', `the content of blob ${digest} isn't what its name says`);
      }
      return bytes;
    } finally {
      await file.close();
    }
  }

  async verify(digest: BlobDigest): Promise<boolean> {
    if (!isBlobDigest(digest)) return false;
    try {
      return (await hashFile(this.layout.blob(digest))) === digest;
    } catch (error) {
      if (isMissing(error)) return false;
      throw new BlobStoreError('unavailable', `cannot read blob ${digest} again: ${systemCode(error)}`, {
        cause: error,
      });
    }
  }

  async *list(after = ''): AsyncGenerator<BlobDigest> {
    for (const shard of await this.names(this.layout.blobs)) {
      if (shard < after.slice(0, 2)) continue;
      for (const digest of await this.names(join(this.layout.blobs, shard))) {
        if (isBlobDigest(digest) && digest.startsWith(shard) && digest > after) yield digest;
      }
    }
  }

  /** In order. A folder that isn't there (any more) has none. */
  private async names(folder: string): Promise<string[]> {
    try {
      return (await readdir(folder)).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw new BlobStoreError('unavailable', `cannot list ${folder}: ${systemCode(error)}`, {
        cause: error,
      });
    }
  }

  /** The blob as a file, to be closed by who asked. @throws BlobStoreError `not-found`, `unavailable` */
  async openFile(digest: BlobDigest): Promise<FileHandle> {
    const missing = `there is no blob ${digest}`;
    if (!isBlobDigest(digest)) throw new BlobStoreError('not-found', missing);
    try {
      return await open(this.layout.blob(digest), 'r');
    } catch (error) {
      if (isMissing(error)) throw new BlobStoreError('not-found', missing, { cause: error });
      throw new BlobStoreError('unavailable', `cannot open blob ${digest}: ${systemCode(error)}`, {
        cause: error,
      });
    }
  }
}
