import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type AbortMultipartUploadCommandInput,
  type ListMultipartUploadsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { S3Connection } from './s3-connection.js';
import { isNoSuchKey, isNotImplemented, onS3 } from './s3-errors.js';

/** A younger one may be another worker's, still under way. Milliseconds. */
const LEFT_AFTER = 24 * 60 * 60 * 1000;

/**
 * Gives up uploads in parts that a crash has left: invisible, but paid for.
 * @returns how many; undefined for a server that cannot list them
 * @throws BlobStoreError `unavailable`, `access-denied`, `no-such-bucket`
 */
export async function sweepUploads(s3: S3Connection): Promise<number | undefined> {
  return onS3(s3, `list the unfinished uploads in ${s3.bucket}`, async () => {
    try {
      return await sweep(s3, Date.now() - LEFT_AFTER);
    } catch (error) {
      if (isNotImplemented(error)) return undefined;
      throw error;
    }
  });
}

async function sweep({ client, bucket, blobs }: S3Connection, before: number): Promise<number> {
  let swept = 0;
  for (let from: ListMultipartUploadsCommandOutput | undefined = undefined; ;) {
    const page: ListMultipartUploadsCommandOutput = await client.send(
      new ListMultipartUploadsCommand({
        Bucket: bucket,
        Prefix: blobs,
        ...(from && { KeyMarker: from.NextKeyMarker, UploadIdMarker: from.NextUploadIdMarker }),
      }),
    );
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      // A server that doesn't keep to the prefix must not lead us to uploads of somebody else.
      if (!Key?.startsWith(blobs) || !UploadId || !Initiated || Initiated.getTime() > before) continue;
      await abort(client, { Bucket: bucket, Key, UploadId });
      swept++;
    }
    if (!page.IsTruncated || page.NextKeyMarker === undefined) return swept;
    from = page;
  }
}

async function abort(client: S3Client, one: AbortMultipartUploadCommandInput): Promise<void> {
  try {
    await client.send(new AbortMultipartUploadCommand(one));
  } catch (error) {
    if (!isNoSuchKey(error)) throw error;
  }
}
