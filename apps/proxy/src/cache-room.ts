import {
  CacheSpace,
  CacheUpkeep,
  cacheUsage,
  type CacheFolder,
  type CacheUsage,
  type ServingEvents,
} from '#serving/published';
import type { ProxyConfig } from './config.js';

/** How much the proxy's copies may take. */
export interface CacheRoom {
  /** Of artefacts, upstream's and those of a bucket, together. */
  readonly artefacts: CacheSpace;
  /** What there is now. */
  readonly usage: () => readonly CacheUsage[];
  close(): Promise<void>;
}

/** Both, whatever is configured: what a bucket's copies took before does not stay for ever. */
const ARTEFACTS: readonly CacheFolder[] = ['artefacts', 'kept'];

/** Counts what earlier processes left, and removes what is too much. */
export async function openCacheRoom(
  { cacheDir, cacheBytes }: ProxyConfig,
  events: ServingEvents,
): Promise<CacheRoom> {
  const notKept = (error: unknown): void => events.downloadFailed('cache-unavailable', error);
  const artefacts = new CacheSpace(cacheBytes, {
    evicted: (folder) => events.cacheEvicted(folder),
    notEvicted: (_path, error) => notKept(error),
  });
  const upkeep = await CacheUpkeep.start(artefacts, cacheDir, ARTEFACTS, notKept);
  return {
    artefacts,
    usage: () => cacheUsage([artefacts], ARTEFACTS),
    close: () => upkeep.stop(),
  };
}
