import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '#kernel';
import { noteSilentNodes, type Silence } from '#fleet/silence/note-silent-nodes';
import type { Logger } from '#platform/logging/logger';
import type { Watching } from './watch.js';

/** Counts nodes that are not heard of. */
export function silenceMetric(registry: Registry): (silent: number) => void {
  const gauge = new Gauge({
    name: 'holdfast_silent_nodes',
    help: 'Proxies that have not said for a quarter of an hour that they are there, and are not retired',
    registers: [registry],
  });
  return (silent) => gauge.set(silent);
}

const MINUTE_MS = 60_000;

/** For nodes that are not heard of any more. */
export function watchSilence(
  parts: Silence & { readonly clock: Clock },
  logger: Logger,
  counted: (silent: number) => void,
): Watching {
  return {
    everyMs: MINUTE_MS,
    look: async () => {
      const { noted, silent } = await noteSilentNodes(parts);
      counted(silent.length);
      for (const node of noted) logger.error({ node }, 'a proxy fell silent');
      return undefined;
    },
    failed: (error) =>
      logger.warn({ err: error }, 'could not look for proxies that fell silent, it is tried later'),
  };
}
