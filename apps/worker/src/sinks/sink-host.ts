import { setTimeout as pause } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { SinkKeeper } from '#notifications/delivery/sink-keeper';
import type { Logger } from '#platform/logging/logger';

const AGAIN_MS = 5_000;

/** Tells the sinks, for as long as the application runs. What people change of them, a reactor follows. */
export class SinkHost implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private starting: Promise<void> = Promise.resolve();

  constructor(
    private readonly keeper: SinkKeeper,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.starting = this.begin();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.starting;
    await this.keeper.stop();
  }

  private async begin(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        return await this.keeper.followHistory();
      } catch (error) {
        this.logger.warn({ err: error }, 'could not look which sinks there are, it is tried later');
        await pause(AGAIN_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
