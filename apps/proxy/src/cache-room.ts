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
  /** Of what upstream said: assertions and answers. */
  readonly words: CacheSpace;
  /** What there is now. */
  readonly usage: () => readonly CacheUsage[];
  close(): Promise<void>;
}

/** Both, whatever is configured: what a bucket's copies took before does not stay for ever. */
const ARTEFACTS: readonly CacheFolder[] = ['artefacts', 'kept'];
const WORDS: readonly CacheFolder[] = ['assertions', 'answers'];
/** Tens of thousands of files, which is more than the snaps of a site have questions. */
const WORDS_BYTES = 128 * 1024 * 1024;

/** Counts what earlier processes left, and removes what is too much. */
export async function openCacheRoom(
  { cacheDir, cacheBytes }: ProxyConfig,
  events: ServingEvents,
): Promise<CacheRoom> {
  const notKept = (error: unknown): void => events.downloadFailed('cache-unavailable', error);
  const space = (limit: number): CacheSpace =>
    new CacheSpace(limit, {
      evicted: (folder) => events.cacheEvicted(folder),
      notEvicted: (_path, error) => notKept(error),
    });
  const [artefacts, words] = [space(cacheBytes), space(WORDS_BYTES)];
  const shares = [
    { space: artefacts, folders: ARTEFACTS, ordered: true },
    { space: words, folders: WORDS, ordered: false },
  ];
  const upkeep = await CacheUpkeep.start(shares, cacheDir, notKept);
  return {
    artefacts,
    words,
    usage: () => cacheUsage([artefacts, words], [...ARTEFACTS, ...WORDS]),
    close: () => upkeep.stop(),
  };
}
