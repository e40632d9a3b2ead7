import { Gauge, type Registry } from 'prom-client';
import { noteNodeKeys, type KeyWatch } from '#fleet/node-keys/note-node-keys';
import type { Logger } from '#platform/logging/logger';
import type { Watching } from './watch.js';

/** Counts nodes whose key has ended, or will. */
export function nodeKeyMetric(registry: Registry): (ending: number) => void {
  const gauge = new Gauge({
    name: 'holdfast_node_keys_ending',
    help: 'Proxies whose key as a node ends within 30 days (of a short one, a sixth of its time) or has ended, and that have not made a new one',
    registers: [registry],
  });
  return (ending) => gauge.set(ending);
}

const HOUR_MS = 3_600_000;

/** For nodes that should have made a new key by now. */
export function watchNodeKeys(parts: KeyWatch, logger: Logger, counted: (ending: number) => void): Watching {
  return {
    everyMs: HOUR_MS,
    look: async () => {
      const { noted, count } = await noteNodeKeys(parts);
      counted(count);
      for (const node of noted.ending) logger.error({ node }, 'the key of a proxy ends soon');
      for (const node of noted.ended) logger.error({ node }, 'the key of a proxy has ended');
      return undefined;
    },
    failed: (error) =>
      logger.warn({ err: error }, 'could not look for proxies whose key ends, it is tried later'),
  };
}
