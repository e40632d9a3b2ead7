import { BlobStoreError, type BlobFacts, type BlobStore, type ExpectedBlob } from '../port.js';
import { sweepUploads } from './leftover-uploads.js';
import type { S3Connection } from './s3-connection.js';
import { isConditionFailed, isNotImplemented, onS3 } from './s3-errors.js';
import { S3ScrubbedBlobs } from './s3-scrubbed-blobs.js';
import { Spool, type Spooled } from './spool.js';
import { upload } from './upload.js';

/** What was found and done when the store was opened. */
export interface S3Recovery {
  /** Files in the spool that a crash had left, removed. */
  readonly swept: number;
  /** Uploads in parts that were begun a day or more ago, given up; undefined: the server cannot list them. */
  readonly uploads: number | undefined;
  /** Why the server could not be asked: it is asked again when a blob is put or read. */
  readonly unavailable: string | undefined;
}

/** Blobs in a bucket. A content is spooled and verified first and then sent, so that the bucket holds only what is whole and right. */
export class S3BlobStore extends S3ScrubbedBlobs implements BlobStore {
  private constructor(
    s3: S3Connection,
    private readonly spool: Spool,
    readonly recovery: S3Recovery,
  ) {
    super(s3);
  }

  /**
   * @param folder for contents that are on their way: disk for the largest ones at once
   * @throws BlobStoreError `access-denied`, `no-such-bucket`: a setting is wrong. A server that is away may come back, and stops no start
   */
  static async open(s3: S3Connection, folder: string): Promise<S3BlobStore> {
    const { spool, swept } = await Spool.open(folder);
    try {
      // Any page tells whether the bucket is there and lets us in.
      await new S3ScrubbedBlobs(s3).list().next();
      return new S3BlobStore(s3, spool, { swept, uploads: await sweepUploads(s3), unavailable: undefined });
    } catch (error) {
      if (!(error instanceof BlobStoreError) || error.code !== 'unavailable') throw error;
      return new S3BlobStore(s3, spool, { swept, uploads: undefined, unavailable: error.message });
    }
  }

  async put(content: AsyncIterable<Uint8Array>, expected?: ExpectedBlob): Promise<BlobFacts> {
    return this.spool.hold(content, expected, async (spooled) => {
      const { sha256 } = spooled.facts;
      await onS3(this.s3, `keep blob ${sha256}`, () => this.send(spooled));
      return spooled.facts;
    });
  }

  close(): Promise<void> {
    this.s3.close();
    return Promise.resolve();
  }

  /** The same content is kept once: one that is there is left alone if it is whole, and replaced if it isn't. */
  private async send(spooled: Spooled): Promise<void> {
    try {
      await upload(this.s3, spooled, 'new');
      return;
    } catch (error) {
      if (isConditionFailed(error)) {
        if (await this.verify(spooled.facts.sha256)) return;
      } else if (!isNotImplemented(error)) {
        throw error;
      }
    }
    await upload(this.s3, spooled, 'overwrite');
  }
}
