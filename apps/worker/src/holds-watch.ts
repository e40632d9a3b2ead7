import { Gauge, type Registry } from 'prom-client';
import type { Logger } from '#platform/logging/logger';
import { lookAtHolds } from '#release-control/holds/look-at-holds';
import type { EndHoldPorts } from '#release-control/reactors/end-expired-hold/end-hold';
import type { Watching } from './watch.js';

/** Counts holds whose time is over. */
export function holdsMetric(registry: Registry): (expired: number) => void {
  const gauge = new Gauge({
    name: 'holdfast_holds_expired',
    help: 'Holds in force whose time, as their owners said it, is over',
    registers: [registry],
  });
  return (expired) => gauge.set(expired);
}

const EVERY_MS = 5 * 60_000;

/** For holds whose time is over or nearly so. */
export function watchHolds(
  ports: EndHoldPorts,
  logger: Logger,
  counted: (expired: number) => void,
): Watching {
  return {
    everyMs: EVERY_MS,
    look: async () => {
      const { events, expired } = await lookAtHolds(ports);
      counted(expired);
      for (const { type, data } of events)
        if (type === 'HoldExpired')
          logger.warn({ snap: data.name, owner: data.owner }, 'the time of a hold is over');
      return undefined;
    },
    failed: (error) => logger.warn({ err: error }, 'could not look at the holds, it is tried later'),
  };
}
