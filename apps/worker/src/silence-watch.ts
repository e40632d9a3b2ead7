import { setTimeout as pause } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '#kernel';
import { noteSilentNodes, type Silence } from '#fleet/silence/note-silent-nodes';
import type { Logger } from '#platform/logging/logger';

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

/** Looks every minute, for as long as the application runs, for nodes that are not heard of any more. */
export class SilenceWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: Silence & { readonly clock: Clock },
    private readonly logger: Logger,
    private readonly counted: (silent: number) => void,
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
        const { noted, silent } = await noteSilentNodes(this.parts);
        this.counted(silent.length);
        for (const node of noted) this.logger.error({ node }, 'a proxy fell silent');
      } catch (error) {
        this.logger.warn({ err: error }, 'could not look for proxies that fell silent, it is tried later');
      }
      await pause(MINUTE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
