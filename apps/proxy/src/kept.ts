import type { S3Location } from '#blob-store/blobs-url';
import { FilesystemBlobReader } from '#blob-store/filesystem/filesystem-blob-reader';
import type { BlobReader } from '#blob-store/port';
import { folderUsable } from '#platform/health/checks';
import type { Look } from '#platform/health/readiness';
import {
  ArtefactCache,
  type CacheSpace,
  IntactBlobs,
  keptFetch,
  RemoteKeptArtefacts,
  type KeptArtefacts,
  type ServingEvents,
} from '#serving/published';
import { cacheEvents } from './cache-events.js';
import type { ProxyConfig } from './config.js';

/** The kept blobs, as the proxy reads them. */
export interface Kept {
  /** For manifests, which the proxy copies by itself. */
  readonly blobs: BlobReader;
  readonly artefacts: KeptArtefacts;
  readonly usable: Look;
  close(): Promise<void>;
}

/** In the bucket that BLOBS_URL names, else in the folder. Nothing connects yet. */
export async function openKept(
  { blobs, keptDir, cacheDir }: ProxyConfig,
  space: CacheSpace,
  events: ServingEvents,
): Promise<Kept> {
  return blobs === undefined ? folder(keptDir) : await bucket(blobs, cacheDir, space, events);
}

function folder(keptDir: string): Kept {
  const blobs = new FilesystemBlobReader(keptDir);
  return {
    blobs,
    artefacts: new IntactBlobs((digest) => blobs.openFile(digest)),
    usable: folderUsable(keptDir, 'read'),
    close: () => Promise.resolve(),
  };
}

async function bucket(
  location: S3Location,
  cacheDir: string,
  space: CacheSpace,
  events: ServingEvents,
): Promise<Kept> {
  // The SDK is read from disk only by sites that use it.
  const [{ S3Connection }, { S3BlobReader }] = await Promise.all([
    import('#blob-store/s3/s3-connection'),
    import('#blob-store/s3/s3-blob-reader'),
  ]);
  const s3 = new S3Connection(location);
  const blobs = new S3BlobReader(s3);
  const cache = await ArtefactCache.open(cacheDir, keptFetch(blobs), 'kept', space, cacheEvents(events));
  return {
    blobs,
    artefacts: new RemoteKeptArtefacts(blobs, cache),
    usable: async () => {
      await blobs.list().next();
      return undefined;
    },
    close: async () => {
      await cache.close();
      s3.close();
    },
  };
}
