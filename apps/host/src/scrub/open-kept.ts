import { FilesystemScrubbedBlobs } from '#blob-store/filesystem/filesystem-scrubbed-blobs';
import type { ScrubbedBlobs } from '#blob-store/port';
import type { S3Location } from '#blob-store/blobs-url';

/** The kept blobs, beside the worker that may be writing to them: in the bucket that BLOBS_URL names, else in the folder. */
export async function openKept(
  location: S3Location | undefined,
  folder: string,
): Promise<{
  readonly blobs: ScrubbedBlobs;
  close(): void;
}> {
  if (location === undefined) {
    return { blobs: new FilesystemScrubbedBlobs(folder), close: () => undefined };
  }
  // The SDK is read from disk only by sites that use it.
  const [{ S3Connection }, { S3ScrubbedBlobs }] = await Promise.all([
    import('#blob-store/s3/s3-connection'),
    import('#blob-store/s3/s3-scrubbed-blobs'),
  ]);
  const s3 = new S3Connection(location);
  return { blobs: new S3ScrubbedBlobs(s3), close: () => s3.close() };
}
