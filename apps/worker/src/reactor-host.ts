import { type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { EventStore } from '#event-store/port';
import { isFencedOut } from '#platform/lease/errors';
import type { Logger } from '#platform/logging/logger';
import { ReactorRunner, type Reactor, type ReactorCheckpoints } from '#platform/reactor';

/** Runs the reactors for as long as the application does. */
export class ReactorHost implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly runners: readonly ReactorRunner[];

  constructor(
    reactors: readonly Reactor[],
    store: EventStore,
    checkpoints: ReactorCheckpoints,
    logger: Logger,
    /** Told when another worker has taken over: whatever this one tries is refused. */
    onFencedOut: (error: Error) => void,
  ) {
    const onError = (error: unknown, reactor: string, pauseMs: number): void => {
      if (isFencedOut(error)) {
        onFencedOut(error);
        return;
      }
      logger.error({ err: error, reactor, pauseMs }, 'a reactor failed, and is run again');
    };
    this.runners = reactors.map((reactor) => new ReactorRunner(reactor, store, checkpoints, { onError }));
  }

  onApplicationBootstrap(): void {
    for (const runner of this.runners) runner.start();
  }

  /** What is being handled is finished first: a capture may take its time, and would otherwise be done again. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.stop()));
  }
}
