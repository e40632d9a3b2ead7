import { setTimeout as pause } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import type { Logger } from '#platform/logging/logger';
import { lookAtHolds } from '#release-control/holds/look-at-holds';

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

/** Looks every five minutes, for as long as the application runs, for holds whose time is over or nearly so. */
export class HoldsWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly writer: StreamWriter,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly counted: (expired: number) => void,
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
        const { events, expired } = await lookAtHolds(this.writer, this.clock);
        this.counted(expired);
        for (const { type, data } of events)
          if (type === 'HoldExpired')
            this.logger.warn({ snap: data.name, owner: data.owner }, 'the time of a hold is over');
      } catch (error) {
        this.logger.warn({ err: error }, 'could not look at the holds, it is tried later');
      }
      await pause(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
