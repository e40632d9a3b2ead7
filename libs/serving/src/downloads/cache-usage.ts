import type { CacheFolder, CacheSpace } from './cache-space.js';

/** What there is in one folder of the cache, for people to see. */
export interface CacheUsage {
  readonly folder: CacheFolder;
  /** What the files take on the disk. */
  readonly bytes: number;
  readonly files: number;
  /** When the one that was not used for longest was used, in milliseconds since the epoch; undefined when there is none. */
  readonly oldestUse: number | undefined;
}

/** @param folders those that have something to say also when there is nothing in them */
export function cacheUsage(
  spaces: readonly Pick<CacheSpace, 'all'>[],
  folders: readonly CacheFolder[],
): readonly CacheUsage[] {
  return folders.map((folder) => {
    const files = spaces.flatMap(({ all }) => [...all.values()]).filter((file) => file.folder === folder);
    return {
      folder,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      files: files.length,
      oldestUse: files.reduce<number | undefined>(
        (oldest, { usedAt }) => Math.min(oldest ?? usedAt, usedAt),
        undefined,
      ),
    };
  });
}
