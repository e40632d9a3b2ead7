import { setTimeout as pause } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { isFencedOut } from '#platform/lease/errors';

export interface Watching {
  /** Milliseconds from one look to the next. */
  readonly everyMs: number;
  /** Looks once, and does what is due. @returns milliseconds to the next look, when that is known; never more than `everyMs` are waited */
  readonly look: () => Promise<number | undefined>;
  /** Told of a look that failed: the next one comes all the same. */
  readonly failed: (error: unknown) => void;
}

/** Looks at once and then again and again, one look after the other, for as long as the application runs. */
export class Watch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly watching: Watching,
    /** Told when another worker has taken over: whatever this one tries is refused. */
    private readonly onFencedOut: (error: Error) => void,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  /** A look that is under way comes to its end. */
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

  private async tryOnce(): Promise<number> {
    const { everyMs, look, failed } = this.watching;
    try {
      const wait = await look();
      return Math.min(Math.max(wait ?? everyMs, 0), everyMs);
    } catch (error) {
      if (isFencedOut(error)) this.onFencedOut(error);
      else failed(error);
      return everyMs;
    }
  }
}
