import type { S3Location } from '#blob-store/blobs-url';
import type { BlobStore } from '#blob-store/port';
import { FilesystemBlobStore } from '#blob-store/filesystem/filesystem-blob-store';

export interface KeptPlace {
  /** The bucket, where there is one. */
  readonly blobs: S3Location | undefined;
  readonly keptDir: string;
  /** Where content on its way to a bucket is put first. */
  readonly spoolDir: string;
}

/** Where the blobs of a restored site are put, as its worker will: in the bucket that BLOBS_URL names, else in the folder. */
export async function openWritableKept(place: KeptPlace): Promise<BlobStore & { close(): Promise<void> }> {
  if (place.blobs === undefined) return FilesystemBlobStore.open(place.keptDir);
  // The SDK is read from disk only by sites that use it.
  const [{ S3Connection }, { S3BlobStore }] = await Promise.all([
    import('#blob-store/s3/s3-connection'),
    import('#blob-store/s3/s3-blob-store'),
  ]);
  return S3BlobStore.open(new S3Connection(place.blobs), place.spoolDir);
}
