import { setTimeout as pause } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { isFencedOut } from '#platform/lease/errors';
import type { Logger } from '#platform/logging/logger';
import {
  haltUnratified,
  type HaltedUnratified,
  type RatificationLook,
  type RatificationPorts,
} from '#release-control/reactors/halt-unratified/halt-unratified';

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

/** Looks at once and then every minute, for as long as the application runs, for emergencies that nobody ratified in time. */
export class RatificationWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly settled = new Set<string>();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly ports: RatificationPorts,
    private readonly logger: Logger,
    private readonly counted: (look: RatificationLook) => void,
    /** Told when another worker has taken over: whatever this one tries is refused. */
    private readonly onFencedOut: (error: Error) => void,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const look = await haltUnratified(this.ports, this.settled);
        this.counted(look);
        look.halted.forEach(sayHalted(this.logger));
        look.failures.forEach((error) => this.failed(error));
      } catch (error) {
        this.failed(error);
      }
      await pause(MINUTE_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private failed(error: unknown): void {
    if (isFencedOut(error)) this.onFencedOut(error);
    else
      this.logger.error(
        { err: error },
        'could not look for emergency changes that were not ratified, it is tried later',
      );
  }
}
