import type { ComparisonRecorder } from '#fleet/spool/comparison-recorder';
import type { Logger } from '#platform/logging/logger';
import type { ShadowEvents } from '#serving/published';
import type { ShadowMetrics } from './shadow-metrics.js';

/** Differences that are told apart in the log; each is said once. */
const MOST_SAID = 1_000;

/** Where what a shadow sees is made visible. @param recorder of a node */
export function shadowEvents(
  logger: Logger,
  metrics: ShadowMetrics,
  recorder: ComparisonRecorder | undefined,
): ShadowEvents {
  const said = new Set<string>();
  return {
    compared: (endpoint, outcome, device, position) => {
      metrics.compared(endpoint, outcome);
      recorder?.compared(endpoint, outcome.kind === 'not-compared' ? outcome.reason : outcome.kind);
      if (outcome.kind === 'not-compared') logger.debug({ endpoint, reason: outcome.reason }, 'not compared');
      if (outcome.kind !== 'differs') return;
      for (const difference of outcome.differences) {
        recorder?.differed(device, position ?? '0', difference);
        const key = JSON.stringify(difference);
        if (said.has(key) || said.size >= MOST_SAID) continue;
        said.add(key);
        logger.info(difference, 'the incumbent says something else than this proxy would');
      }
    },
  };
}
