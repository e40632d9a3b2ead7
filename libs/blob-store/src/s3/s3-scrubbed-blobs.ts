import { CopyObjectCommand, DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { BlobDigest, ScrubbedBlobs } from '../port.js';
import { S3BlobReader } from './s3-blob-reader.js';
import { isConditionFailed, isNoSuchKey, isNotImplemented, onS3 } from './s3-errors.js';

/** Blobs in a bucket that are checked, while another process may be writing to it. */
export class S3ScrubbedBlobs extends S3BlobReader implements ScrubbedBlobs {
  /**
   * Copies, reads the copy once more, and only then removes the original, each on condition that it still is what it was: the writer
   * may put it again at any moment. A crash leaves the original, and at most a copy that the next time overwrites.
   */
  async quarantine(digest: BlobDigest): Promise<boolean> {
    const found = await this.head(digest);
    if (found === undefined) return false;
    return onS3(this.s3, `quarantine blob ${digest}`, async () => {
      if (!(await this.copy(digest, found.etag))) return false;
      const key = this.s3.quarantined(digest);
      if (!(await this.holds(key, digest))) return await this.remove(this.s3.blob(digest), found.etag);
      await this.remove(key);
      return false;
    });
  }

  private async copy(digest: BlobDigest, etag: string | undefined): Promise<boolean> {
    const { client, bucket } = this.s3;
    const source = `${bucket}/${this.s3.blob(digest)}`;
    try {
      await client.send(
        new CopyObjectCommand({
          Bucket: bucket,
          Key: this.s3.quarantined(digest),
          CopySource: source.split('/').map(encodeURIComponent).join('/'),
          ...(etag === undefined ? {} : { CopySourceIfMatch: etag }),
        }),
      );
      return true;
    } catch (error) {
      if (isConditionFailed(error) || isNoSuchKey(error)) return false;
      throw error;
    }
  }

  private async remove(key: string, etag?: string): Promise<boolean> {
    const { client, bucket } = this.s3;
    const condition = etag === undefined ? {} : { IfMatch: etag };
    try {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, ...condition }));
      return true;
    } catch (error) {
      if (isConditionFailed(error) || isNoSuchKey(error)) return false;
      if (etag !== undefined && isNotImplemented(error)) return await this.remove(key);
      throw error;
    }
  }
}
