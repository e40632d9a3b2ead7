import { setTimeout as pause } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { isFencedOut } from '#platform/lease/errors';
import type { Logger } from '#platform/logging/logger';
import { keepSchedule } from '#release-control/reactors/keep-schedule';
import type { SchedulePorts } from '#release-control/reactors/note-due-changes/reactor';

/** Milliseconds: a clock that jumps is noticed as fast, and so is what was scheduled meanwhile. */
const LOOK_EVERY_MS = 5_000;

/** Has scheduled changes begin, and requests expire, at their time, for as long as the application runs. */
export class ScheduleWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly ports: SchedulePorts,
    private readonly logger: Logger,
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
      const wait = await this.tryOnce();
      await pause(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns milliseconds to the next look */
  private async tryOnce(): Promise<number> {
    try {
      const next = await keepSchedule(this.ports, (error, id) => {
        if (isFencedOut(error)) throw error;
        this.logger.error(
          { err: error, changeRequest: id },
          'what is due could not be done, it is tried again',
        );
      });
      const left = next === undefined ? LOOK_EVERY_MS : Date.parse(next) - Date.parse(this.ports.clock.now());
      return Math.min(Math.max(left, 0), LOOK_EVERY_MS);
    } catch (error) {
      if (isFencedOut(error)) this.onFencedOut(error);
      else this.logger.warn({ err: error }, 'what is scheduled could not be looked at, it is tried again');
      return LOOK_EVERY_MS;
    }
  }
}
