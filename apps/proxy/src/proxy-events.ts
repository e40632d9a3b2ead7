import type { Logger } from '#platform/logging/logger';
import type { ServingEvents } from '#serving/published';
import type { ProxyMetrics } from './proxy-metrics.js';
import type { WatchedProxy } from './proxy-readiness.js';

/**
 * The one place where what happens in serving is made visible: in the log (what a person must act on as an error, what explains an answer as
 * information), in the metrics, and in the proxy's readiness.
 */
export function proxyEvents(logger: Logger, metrics: ProxyMetrics, watched: WatchedProxy): ServingEvents {
  return {
    policyObeyed: (position, overrides, from) => {
      watched.policyObeyed();
      metrics.policyObeyed(position);
      logger.info({ position, overrides, from }, 'obeying a policy');
    },
    memberRingObeyed: (ring, position, overrides, from) =>
      logger.info({ ring, position, overrides, from }, 'obeying the policy of another ring'),
    membershipObeyed: (position, rules, from) =>
      logger.info({ position, rules, from }, 'knows who is in which ring'),
    policyConfirmed: () => metrics.policyConfirmed(),
    policyRefused: (code, message, from) => {
      metrics.policyRefused(code);
      metrics.integrityFailed('policy');
      logger.error({ code, from }, `refused a policy, the last good one is served on: ${message}`);
    },
    policyNotSaved: (err) => {
      metrics.policyNotSaved();
      logger.error({ err }, 'could not save the policy: a restart without the database would not know it');
    },
    databaseReachable: (reachable, err) => {
      watched.databaseReachable(reachable, err);
      if (reachable) logger.info('the database answers');
      else logger.warn({ err }, 'the database cannot be reached, the last policy is served on');
    },
    manifestUnusable: (manifest, name, version, message) => {
      logger.error({ manifest, name, version }, `a held revision cannot be answered: ${message}`);
    },
    unanswerable: (entries) => metrics.unanswerable(entries),
    artefactMismatch: (sha3_384, where, detail) => {
      metrics.integrityFailed(where === 'kept' ? 'kept-blob' : `artefact-${where}`);
      logger.error(
        { sha3_384, where },
        `an artefact is not what its digest says, it was not served: ${detail}`,
      );
    },
    keptBlobUnusable: (sha256, why) => {
      metrics.keptBlobProblem(why);
      if (why === 'altered') metrics.integrityFailed('kept-blob');
      logger.error({ sha256, why }, 'a kept artefact cannot be served');
    },
    cacheAsked: (result) => metrics.cacheAsked(result),
    cacheEvicted: (folder) => metrics.cacheEvicted(folder),
    downloadFailed: (code, err) => {
      metrics.downloadFailed(code);
      if (code === 'upstream-unavailable')
        logger.warn({ code, err }, 'a download failed for want of upstream');
      else logger.error({ code, err }, 'a download failed, or a copy could not be kept');
    },
    withheld: (subject, why) => {
      metrics.withheld();
      logger.warn({ subject }, `withheld: ${why}`);
    },
    refused: (refusal) => {
      metrics.refused(refusal);
      // A fleet that polls makes many: they are counted, and one by one they are detail.
      logger.debug(refusal, 'refused by the access policy');
    },
    // A node records them: see recording-events.ts.
    offered: () => Promise.resolve(),
    installed: () => undefined,
    downloadEnded: () => undefined,
    upstreamFailed: (what, message) => logger.warn({ what }, `upstream: ${message}`),
    answeredStale: (what, ageMs) => {
      metrics.answeredStale(what);
      logger.info(
        { what, ageSeconds: Math.round(ageMs / 1000) },
        'upstream cannot be asked: told what it said last',
      );
    },
    prefetchMissing: (artefacts) => metrics.prefetchMissing(artefacts),
    prefetchFailed: (sha256, err) => {
      metrics.prefetchFailed();
      logger.warn({ sha256, err }, 'could not fetch a held artefact ahead; will try again');
    },
    prefetchNoRoom: (artefacts) =>
      logger.warn(
        { artefacts },
        'HOLDFAST_CACHE_SIZE is less than what is held: not all of it is fetched ahead',
      ),
    unexpected: (err) => {
      metrics.unexpected();
      logger.error({ err }, 'unexpected');
    },
  };
}
