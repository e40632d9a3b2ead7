import { Gauge, type Registry } from 'prom-client';
import { isFencedOut } from '#platform/lease/errors';
import type { Logger } from '#platform/logging/logger';
import { overdueIn, schedule, SCHEDULE_STREAM } from '#release-control/domain/schedule/schedule';
import { keepSchedule } from '#release-control/reactors/keep-schedule';
import type { StageReactorPorts } from '#release-control/reactors/roll-out-plan/start-stage';
import type { Watching } from './watch.js';

/** Milliseconds: a clock that jumps is noticed as fast, and so is what was scheduled meanwhile. */
const EVERY_MS = 5_000;

/** Counts requests that should have begun or expired. */
export function scheduleMetric(registry: Registry): (overdue: number) => void {
  const gauge = new Gauge({
    name: 'holdfast_schedule_overdue',
    help: 'Change requests whose time to begin, or to expire, came five minutes ago or more, and that have done neither',
    registers: [registry],
  });
  return (overdue) => gauge.set(overdue);
}

/** For changes that are due to begin, plans that may begin in their next ring, and requests that are due to expire. */
export function watchSchedule(
  ports: StageReactorPorts,
  logger: Logger,
  counted: (overdue: number) => void,
): Watching {
  return {
    everyMs: EVERY_MS,
    look: async () => {
      const next = await keepSchedule(ports, (error, id) => {
        if (isFencedOut(error)) throw error;
        logger.error({ err: error, changeRequest: id }, 'what is due could not be done, it is tried again');
      });
      const { state } = await ports.writer.load(schedule, SCHEDULE_STREAM);
      counted(overdueIn(state, ports.clock.now()).length);
      return next === undefined ? undefined : Date.parse(next) - Date.parse(ports.clock.now());
    },
    failed: (error) =>
      logger.warn({ err: error }, 'what is scheduled could not be looked at, it is tried again'),
  };
}
