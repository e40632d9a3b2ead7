import { Gauge, type Registry } from 'prom-client';
import type { Logger } from '#platform/logging/logger';
import { lookForOverdueHolds, type OverduePorts } from '#release-control/holds/look-for-overdue-holds';
import type { Watching } from './watch.js';

/** Counts holds that wait to be evaluated. */
export function overdueHoldsMetric(registry: Registry): (waiting: number) => void {
  const gauge = new Gauge({
    name: 'holdfast_holds_overdue_for_review',
    help: 'Holds in force that are older than upstream for longer than the site lets one be, and that nobody has evaluated',
    registers: [registry],
  });
  return (waiting) => gauge.set(waiting);
}

const HOUR_MS = 3_600_000;

/** For holds that are older than upstream for too long. It reads what upstream had of each snap that is held. */
export function watchOverdueHolds(
  ports: OverduePorts,
  logger: Logger,
  counted: (waiting: number) => void,
): Watching {
  return {
    everyMs: HOUR_MS,
    look: async () => {
      const { events, waiting } = await lookForOverdueHolds(ports);
      counted(waiting);
      for (const { data } of events)
        logger.warn(
          { snap: data.name, held: data.version, upstream: data.upstream, days: data.days },
          'a hold is overdue for review',
        );
      return undefined;
    },
    failed: (error) =>
      logger.warn({ err: error }, 'could not look for holds that are overdue for review, it is tried later'),
  };
}
