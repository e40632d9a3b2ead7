import { Gauge, type Registry } from 'prom-client';
import { isFencedOut } from '#platform/lease/errors';
import type { Logger } from '#platform/logging/logger';
import {
  haltUnratified,
  type HaltedUnratified,
  type RatificationLook,
  type RatificationPorts,
} from '#release-control/reactors/halt-unratified/halt-unratified';
import type { Watching } from './watch.js';

/** Counts what waits for its ratification, and what was halted for want of it. */
export function ratificationMetrics(registry: Registry): (look: RatificationLook) => void {
  const registers = [registry];
  const open = new Gauge({
    name: 'holdfast_emergencies_to_ratify',
    help: 'Emergency changes that took effect and are not ratified yet',
    registers,
  });
  const halts = new Gauge({
    name: 'holdfast_emergency_halts',
    help: 'Halts of rings that are in force because an emergency change was not ratified',
    registers,
  });
  return (look) => {
    open.set(look.open);
    halts.set(look.haltsInForce);
  };
}

/** The line that says so, wherever it was found. */
export function sayHalted(logger: Logger): (halted: HaltedUnratified) => void {
  return (halted) =>
    logger.error({ ...halted }, 'a ring is halted: an emergency change in it was not ratified');
}

const MINUTE_MS = 60_000;

/** For emergencies that nobody ratified in time. */
export function watchRatification(
  ports: RatificationPorts,
  logger: Logger,
  counted: (look: RatificationLook) => void,
): Watching {
  const settled = new Set<string>();
  const failed = (error: unknown): void =>
    logger.error(
      { err: error },
      'could not look for emergency changes that were not ratified, it is tried later',
    );
  return {
    everyMs: MINUTE_MS,
    look: async () => {
      const look = await haltUnratified(ports, settled);
      counted(look);
      look.halted.forEach(sayHalted(logger));
      for (const error of look.failures) {
        if (isFencedOut(error)) throw error;
        failed(error);
      }
      return undefined;
    },
    failed,
  };
}
