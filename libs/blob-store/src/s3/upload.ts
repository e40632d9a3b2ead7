import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
} from '@aws-sdk/client-s3';
import type { S3Connection } from './s3-connection.js';
import type { Spooled } from './spool.js';

/** More than this goes in parts. Bytes; one part is in memory at a time. */
export const PART_BYTES = 16 * 1024 * 1024;
/** S3's limit. */
const MOST_PARTS = 10_000;

/** `new`: only where no object of that key is, for servers that know the condition (If-None-Match); others overwrite. */
export type Condition = 'new' | 'overwrite';

/**
 * Sends a spooled content to its key. S3 shows an object when its one request, or the completion of its parts, has succeeded, never before.
 * @throws the SDK's own errors; then nothing is visible, and the parts are given up
 */
export async function upload(s3: S3Connection, spooled: Spooled, condition: Condition): Promise<void> {
  const { facts } = spooled;
  const key = s3.blob(facts.sha256);
  const only = condition === 'new' ? { IfNoneMatch: '*' } : {};
  if (facts.size > PART_BYTES) return await uploadInParts(s3, spooled, key, only);
  await s3.client.send(
    new PutObjectCommand({
      Bucket: s3.bucket,
      Key: key,
      Body: await spooled.slice(0, facts.size),
      // A server that knows it refuses other bytes than those that were hashed here.
      ChecksumSHA256: Buffer.from(facts.sha256, 'hex').toString('base64'),
      ...only,
    }),
  );
}

async function uploadInParts(
  s3: S3Connection,
  spooled: Spooled,
  key: string,
  only: { readonly IfNoneMatch?: string },
): Promise<void> {
  const { client, bucket } = s3;
  const created = await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: key }));
  const one = { Bucket: bucket, Key: key, UploadId: created.UploadId };
  try {
    const Parts = await sendParts(s3, spooled, one);
    await client.send(new CompleteMultipartUploadCommand({ ...one, MultipartUpload: { Parts }, ...only }));
  } catch (error) {
    // What cannot be given up now is swept when the store is opened; the first error is the one to tell of.
    await client.send(new AbortMultipartUploadCommand(one)).catch(() => undefined);
    throw error;
  }
}

async function sendParts(
  { client }: S3Connection,
  { facts: { size }, slice }: Spooled,
  one: { readonly Bucket: string; readonly Key: string; readonly UploadId: string | undefined },
): Promise<CompletedPart[]> {
  const partBytes = Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS));
  const parts: CompletedPart[] = [];
  for (let at = 0; at < size; at += partBytes) {
    const PartNumber = parts.length + 1;
    const Body = await slice(at, Math.min(at + partBytes, size));
    const { ETag } = await client.send(new UploadPartCommand({ ...one, PartNumber, Body }));
    parts.push({ PartNumber, ETag });
  }
  return parts;
}
