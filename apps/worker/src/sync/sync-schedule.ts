import { setTimeout as pause } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { CodedError, type Clock } from '#kernel';
import {
  WATCH_LIST_STREAM,
  watchedSnaps,
  watchList,
  type WatchedSnap,
} from '#catalog/domain/watch-list/watch-list';
import { untilDue } from '#catalog/sync/due';
import type { SnapObserver } from '#catalog/sync/snap-observer';
import { onSchedule } from '#catalog/sync/sync-context';
import type { SyncPositions } from '#catalog/sync/sync-position';
import type { StreamWriter } from '#platform/decide-and-append';
import type { Logger } from '#platform/logging/logger';
import { UpstreamError } from '#upstream/published';
import type { SyncMetrics } from './sync-metrics.js';

export interface SyncSettings {
  /** Minutes from one round to the next; 0: never. */
  readonly everyMinutes: number;
  /** Milliseconds between two snaps of a round, on average: upstream is not to be asked for hundreds at once. */
  readonly paceMs: number;
}

export interface SyncParts {
  readonly streams: StreamWriter;
  readonly observer: Pick<SnapObserver, 'look'>;
  readonly positions: Pick<SyncPositions, 'load' | 'save'>;
  readonly metrics: SyncMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

const MINUTE_MS = 60_000;

/** Looks at every watched snap, round after round, for as long as the application runs. */
export class SyncSchedule implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  /** When upstream wants to be asked again, by the clock of `performance.now`, which nobody sets: no round begins before. */
  private notBefore = 0;

  constructor(
    private readonly settings: SyncSettings,
    private readonly parts: SyncParts,
    /** From 0 to 1. */
    private readonly chance: () => number = Math.random,
  ) {}

  onApplicationBootstrap(): void {
    if (this.settings.everyMinutes > 0) this.running = this.run();
  }

  /** A look that is under way ends with upstream's connections; its snap is looked at again in the next round. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('the worker is stopping'));
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const wait = await this.tryOnce();
      await pause(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  /** A round, if one is due. @returns milliseconds to the next try */
  private async tryOnce(): Promise<number> {
    const { metrics, logger } = this.parts;
    try {
      const wait = await this.untilDue();
      if (wait > 0) return wait;
      await this.round();
      return await this.untilDue();
    } catch (error) {
      if (this.stopping.signal.aborted) return 0;
      metrics.gaveUp(error instanceof CodedError ? String(error.code) : 'internal-error');
      logger.warn({ err: error }, 'watched snaps could not be looked at, it is tried later');
      return MINUTE_MS;
    }
  }

  private async untilDue(): Promise<number> {
    const position = await this.parts.positions.load();
    this.parts.metrics.stands(position);
    const now = this.parts.clock.now();
    const due = untilDue(position, this.settings.everyMinutes, now, this.chance());
    return Math.max(due, this.notBefore - performance.now());
  }

  private async round(): Promise<void> {
    const { streams, positions, clock, metrics } = this.parts;
    const { state } = await streams.load(watchList, WATCH_LIST_STREAM);
    const snaps = watchedSnaps(state);
    metrics.watched(snaps.length);
    const whole = await this.lookAtAll(snaps);
    const { roundAt, failures } = await positions.load();
    const triedAt = clock.now();
    await positions.save(
      whole ? { roundAt: triedAt, triedAt, failures: 0 } : { roundAt, triedAt, failures: failures + 1 },
    );
  }

  /** @returns false when upstream was away, and the round was given up */
  private async lookAtAll(snaps: readonly WatchedSnap[]): Promise<boolean> {
    const { observer, clock, metrics, logger } = this.parts;
    const { signal } = this.stopping;
    const context = onSchedule(clock);
    for (const [i, snap] of snaps.entries()) {
      if (i > 0) await pause(this.settings.paceMs * (0.5 + this.chance()), undefined, { signal });
      try {
        const look = await observer.look(snap, { ...context, at: clock.now() });
        if (look.outcome === 'failed')
          logger.warn({ snap: snap.name, ...look }, 'a watched snap cannot be read');
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof UpstreamError)) throw error;
        metrics.gaveUp(error.code);
        this.notBefore = performance.now() + (error.retryAfterMs ?? 0);
        const left = snaps.length - i;
        logger.warn(
          { err: error, left },
          'upstream is away: the round of looks at watched snaps was given up',
        );
        return false;
      }
    }
    return true;
  }
}
