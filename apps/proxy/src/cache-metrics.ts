import { Counter, Gauge, type Registry } from 'prom-client';
import type { CacheFolder, CacheUsage } from '#serving/published';

/** Where what happens in the cache is counted. */
export interface CacheMetrics {
  cacheAsked(result: 'hit' | 'joined' | 'miss'): void;
  cacheEvicted(folder: CacheFolder): void;
  answeredStale(what: string): void;
  prefetchMissing(artefacts: number): void;
  prefetchFailed(): void;
  /** Shows what there is whenever somebody looks. @param limit of artefacts, in bytes */
  watchCache(limit: number, usage: () => readonly CacheUsage[]): void;
}

export function cacheMetrics(metrics: Registry): CacheMetrics {
  const registers = [metrics];
  let usage: () => readonly CacheUsage[] = () => [];
  const asked = new Counter({
    name: 'holdfast_cache_requests_total',
    help: "Downloads from the proxy's cache: relayed artefacts, and with BLOBS_URL kept ones. Of its disk (hit), of a transfer under way (joined), of upstream or the bucket (miss)",
    labelNames: ['result'],
    registers,
  });
  const evicted = new Counter({
    name: 'holdfast_cache_evictions_total',
    help: 'Copies that were removed to make room, by the folder that they were in',
    labelNames: ['folder'],
    registers,
  });
  const stale = new Counter({
    name: 'holdfast_stale_answers_total',
    help: 'What upstream said last, told again while it could not be asked: refresh (each snap counts), info, find, catalogue',
    labelNames: ['what'],
    registers,
  });
  for (const what of ['refresh', 'info', 'find', 'catalogue']) stale.inc({ what }, 0);
  const missing = new Gauge({
    name: 'holdfast_prefetch_missing',
    help: 'With BLOBS_URL: held artefacts that have no copy here yet and are being fetched ahead of devices',
    registers,
  });
  const prefetchFailures = new Counter({
    name: 'holdfast_prefetch_failures_total',
    help: 'Held artefacts that could not be fetched ahead of devices; each attempt counts',
    registers,
  });
  const limit = new Gauge({
    name: 'holdfast_cache_limit_bytes',
    help: 'What copies of artefacts, of both folders together, may take',
    registers,
  });
  const gauge = (name: string, help: string, value: (usage: CacheUsage) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['folder'],
      registers,
      collect() {
        for (const each of usage()) this.set({ folder: each.folder }, value(each));
      },
    });
  };
  gauge(
    'holdfast_cache_bytes',
    'What the copies in a folder of the cache take on the disk',
    ({ bytes }) => bytes,
  );
  gauge('holdfast_cache_files', 'How many copies there are in a folder of the cache', ({ files }) => files);
  gauge(
    'holdfast_cache_oldest_use_seconds',
    'How long ago the copy that was not used for longest was used; 0 when there is none. Small while copies are evicted, the cache is too small',
    ({ oldestUse }) => (oldestUse === undefined ? 0 : Math.max(0, Date.now() - oldestUse) / 1000),
  );
  return {
    cacheAsked: (result) => asked.inc({ result }),
    cacheEvicted: (folder) => evicted.inc({ folder }),
    answeredStale: (what) => stale.inc({ what }),
    prefetchMissing: (artefacts) => missing.set(artefacts),
    prefetchFailed: () => prefetchFailures.inc(),
    watchCache: (bytes, now) => {
      limit.set(bytes);
      usage = now;
      for (const { folder } of now()) evicted.inc({ folder }, 0);
    },
  };
}
