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
  Prefetch,
  type KeptArtefact,
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
  /** Copies of what the ring in force holds, if they are to be here before somebody asks. Returns at once. */
  readonly fetchAhead: (held: readonly KeptArtefact[]) => void;
  close(): Promise<void>;
}

/** In the bucket that BLOBS_URL names, else in the folder. Nothing connects yet. */
export async function openKept(config: ProxyConfig, space: CacheSpace, events: ServingEvents): Promise<Kept> {
  const { blobs, keptDir } = config;
  return blobs === undefined ? folder(keptDir) : await bucket(blobs, config, space, events);
}

function folder(keptDir: string): Kept {
  const blobs = new FilesystemBlobReader(keptDir);
  return {
    blobs,
    artefacts: new IntactBlobs((digest) => blobs.openFile(digest)),
    usable: folderUsable(keptDir, 'read'),
    // Served from where it is: there is nothing to fetch ahead.
    fetchAhead: () => undefined,
    close: () => Promise.resolve(),
  };
}

async function bucket(
  location: S3Location,
  { cacheDir, prefetch }: ProxyConfig,
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
  const artefacts = new RemoteKeptArtefacts(blobs, cache);
  const ahead = new Prefetch(artefacts, space.limit, {
    missing: (count) => events.prefetchMissing(count),
    failed: ({ sha256 }, error) => events.prefetchFailed(sha256, error),
    noRoom: (count) => events.prefetchNoRoom(count),
  });
  return {
    blobs,
    artefacts,
    fetchAhead: (held) => (prefetch ? ahead.hold(held) : undefined),
    usable: async () => {
      await blobs.list().next();
      return undefined;
    },
    close: async () => {
      // Both at once: a transfer ahead ends with the cache.
      await Promise.all([ahead.close(), cache.close()]);
      s3.close();
    },
  };
}
