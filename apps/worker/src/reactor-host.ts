import { type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { EventStore } from '#event-store/port';
import { isFencedOut } from '#platform/lease/errors';
import { ReactorRunner, type Reactor, type ReactorCheckpoints } from '#platform/reactor';
import type { WorkerEvents } from './worker-events.js';

/** Runs the reactors for as long as the application does. */
export class ReactorHost implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly runners: readonly ReactorRunner[];

  constructor(
    reactors: readonly Reactor[],
    store: EventStore,
    checkpoints: ReactorCheckpoints,
    events: WorkerEvents,
    /** Told when another worker has taken over: whatever this one tries is refused. */
    onFencedOut: (error: Error) => void,
  ) {
    const onError = (error: unknown, reactor: string, pauseMs: number, requestId?: string): void => {
      if (isFencedOut(error)) onFencedOut(error);
      else events.reactorFailed(error, reactor, pauseMs, requestId);
    };
    this.runners = reactors.map((reactor) => new ReactorRunner(reactor, store, checkpoints, { onError }));
    const names = reactors.map(({ name }) => name);
    events.watch(store, checkpoints, names);
  }

  onApplicationBootstrap(): void {
    for (const runner of this.runners) runner.start();
  }

  /** What is being handled is finished first: a capture may take its time, and would otherwise be done again. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.stop()));
  }
}
