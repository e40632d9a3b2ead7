import type { ArtefactCacheEvents, ServingEvents } from '#serving/published';

/** What a cache tells, of relayed artefacts or of kept ones, is told of serving. */
export function cacheEvents(events: ServingEvents): ArtefactCacheEvents {
  return {
    mismatch: (sha3_384, where, detail) => events.artefactMismatch(sha3_384, where, detail),
    asked: (result) => events.cacheAsked(result),
    notKept: (error) => events.downloadFailed('cache-unavailable', error),
  };
}
