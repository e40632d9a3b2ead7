import type { S3Location } from '#blob-store/blobs-url';
import type { BlobStore } from '#blob-store/port';
import type { BlobRecovery } from '#blob-store/filesystem/recovery';
import { FilesystemBlobStore } from '#blob-store/filesystem/filesystem-blob-store';
import type { Damage } from '#catalog/domain/kept-blobs/kept-blobs';
import { folderUsable } from '#platform/health/checks';
import type { Look } from '#platform/health/readiness';
import type { Logger } from '#platform/logging/logger';
import type { WorkerConfig } from './config.js';

/** Where the worker keeps what it captures. */
export interface Kept {
  readonly blobs: BlobStore;
  /** Found when it was opened, and quarantined then. What cannot be read is left to the scrub, which knows whether others can. */
  readonly damaged: readonly Damage[];
  /** What readiness calls it. */
  readonly name: 'kept folder' | 'kept bucket';
  readonly usable: Look;
  /** Says what opening it found. */
  report(logger: Logger): void;
  close(): Promise<void>;
}

/** A bucket when BLOBS_URL names one, else the folder. @throws BlobStoreError for one that can't be opened as it is set */
export async function openKept(config: Pick<WorkerConfig, 'blobs' | 'keptDir' | 'spoolDir'>): Promise<Kept> {
  const { blobs, keptDir, spoolDir } = config;
  return blobs === undefined ? await folder(keptDir) : await bucket(blobs, spoolDir);
}

async function folder(keptDir: string): Promise<Kept> {
  const blobs = await FilesystemBlobStore.open(keptDir);
  return {
    blobs,
    damaged: damagesOf(blobs.recovery),
    name: 'kept folder',
    usable: folderUsable(keptDir),
    report(logger) {
      const { recovery } = blobs;
      if (recovery.afterUncleanStop)
        logger.warn({ recovery }, 'the kept blobs were checked after an unclean stop');
    },
    close: () => blobs.close(),
  };
}

function damagesOf({ quarantined }: BlobRecovery): Damage[] {
  const why = 'its content had another SHA-256 after an unclean stop';
  return quarantined.map((digest) => ({ digest, why }));
}

async function bucket(location: S3Location, spoolDir: string): Promise<Kept> {
  // The SDK is read from disk only by sites that use it.
  const [{ S3Connection }, { S3BlobStore }] = await Promise.all([
    import('#blob-store/s3/s3-connection'),
    import('#blob-store/s3/s3-blob-store'),
  ]);
  const blobs = await S3BlobStore.open(new S3Connection(location), spoolDir);
  return {
    blobs,
    damaged: [],
    name: 'kept bucket',
    usable: async () => {
      await blobs.list().next();
      return undefined;
    },
    report(logger) {
      const { unavailable, ...recovery } = blobs.recovery;
      if (unavailable !== undefined) logger.warn(`the kept blobs are away: ${unavailable}`);
      if (recovery.swept > 0 || (recovery.uploads ?? 0) > 0)
        logger.warn({ recovery }, 'what an unclean stop had left of uploads was removed');
    },
    close: () => blobs.close(),
  };
}
