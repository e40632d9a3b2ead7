import { decodeEvent, type EventEnvelope } from '#kernel';
import type { Cursor, EventStore, StoredAppend, StoredEvent } from '#event-store/port';
import { followAll, keepFollowing } from './follow-all.js';
import { withRequestId } from './http/request-id.js';

export interface ReactorEvent {
  /** Of the append that the event belongs to. */
  readonly cursor: Cursor;
  readonly envelope: EventEnvelope;
  readonly stored: StoredEvent;
}

/**
 * What the worker does because of an event: issue the next command, touch the world. It sees each event at least once, in order;
 * after a crash some again. Idempotency is its deciders' business. A `handle` that rejects is called again with the same event.
 */
export interface Reactor {
  /** Names its checkpoint: never changed after a release. */
  readonly name: string;
  handle(event: ReactorEvent): Promise<void>;
}

/** How far each reactor is. */
export interface ReactorCheckpoints {
  /** Null for a reactor that never ran. */
  load(reactor: string): Promise<Cursor | null>;
  save(reactor: string, cursor: Cursor): Promise<void>;
}

export interface ReactorRunnerOptions {
  /** Told of every failure, before the pause. @param correlation of the event that could not be handled, if it was one */
  readonly onError: (error: unknown, reactor: string, pauseMs: number, correlation?: string) => void;
  /** The pause before the next try, for the n-th failure in a row, from 1. An event that can't be handled is said again and again, and skipped never. */
  readonly pauseMs?: (failures: number) => number;
}

/** Runs one reactor: its own subscription, its own checkpoint, so that one that is stuck holds up no other. */
export class ReactorRunner {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  /** The correlation of the event at hand. */
  private handling: string | undefined;

  constructor(
    private readonly reactor: Reactor,
    private readonly store: EventStore,
    private readonly checkpoints: ReactorCheckpoints,
    private readonly options: ReactorRunnerOptions,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Resolves when the event that is being handled, if one is, has been. Nothing is handled after that. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const onFailure = (error: unknown, pauseMs: number): void => {
      this.options.onError(error, this.reactor.name, pauseMs, this.handling);
      this.handling = undefined;
    };
    const follow = (onProgress: () => void) => this.follow(onProgress);
    await keepFollowing(follow, onFailure, this.stopping.signal, this.options.pauseMs);
  }

  /** Ends when we are stopping, rejects when a subscription does. */
  private async follow(onProgress: () => void): Promise<void> {
    const from = await this.checkpoints.load(this.reactor.name);
    const consume = (batch: readonly StoredAppend[]) => this.consume(batch, onProgress);
    await followAll(this.store, from, consume, this.stopping.signal);
  }

  /** Everything that is said meanwhile carries the id of the request that the event came of. */
  private async handle(event: ReactorEvent): Promise<void> {
    const { correlation } = event.envelope;
    this.handling = correlation;
    await withRequestId(correlation, () => this.reactor.handle(event));
    this.handling = undefined;
  }

  /** One checkpoint for a batch; one before a failure, so that what was handled isn't handled again. */
  private async consume(batch: readonly StoredAppend[], onProgress: () => void): Promise<void> {
    let handled: Cursor | undefined;
    try {
      for (const append of batch) {
        if (this.stopping.signal.aborted) break;
        for (const stored of append.events) {
          await this.handle({ cursor: append.cursor, envelope: decodeEvent(stored.bytes), stored });
        }
        handled = append.cursor;
        onProgress();
      }
    } finally {
      if (handled !== undefined) await this.checkpoints.save(this.reactor.name, handled);
    }
  }
}
