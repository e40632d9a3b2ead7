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
  const nothing = (folder: CacheFolder): CacheUsage => ({ folder, bytes: 0, files: 0, oldestUse: undefined });
  const usages = new Map(folders.map((folder) => [folder, nothing(folder)]));
  // Tens of thousands, counted while devices wait: once through.
  for (const { all } of spaces) {
    for (const { folder, bytes, usedAt } of all.values()) {
      const usage = usages.get(folder);
      if (!usage) continue;
      usages.set(folder, {
        folder,
        bytes: usage.bytes + bytes,
        files: usage.files + 1,
        oldestUse: Math.min(usage.oldestUse ?? usedAt, usedAt),
      });
    }
  }
  return [...usages.values()];
}
