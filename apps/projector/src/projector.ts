import { setTimeout as delay } from 'node:timers/promises';
import type { Subscription } from 'rxjs';
import { decodeEvent } from '#kernel';
import type { Cursor, EventStore, StoredAppend } from '#event-store/port';
import { LedgerError, type LedgerWriter } from '#ledger/published';
import { isFencedOut } from '#platform/lease/errors';
import { ReadModelError } from '#platform/read-models/errors';
import { ledgerBehind, storeBehind } from './ledger-refusals.js';
import type { ProjectorProgress } from './projector-progress.js';
import type { ReadModelWriter } from './read-model-writer.js';
import type { Upkeep } from './upkeep.js';

export interface ProjectorParts {
  readonly store: EventStore;
  readonly ledger: LedgerWriter;
  readonly readModels: ReadModelWriter;
  readonly upkeep: Upkeep;
  readonly progress: ProjectorProgress;
  /**
   * Told when it must not go on: the history itself is not in order, so that nothing may be signed any more and nobody but a person can
   * help; another projector has taken over; or the read models are not where it left them, which only a start sorts out.
   */
  readonly onUnfit: (error: Error) => void;
}

/** Events in one transaction while catching up. */
const CATCH_UP_BATCH = 2_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Remembers: gives each event its position, seals it in the ledger, then moves the read models. The ledger comes first, so it may be ahead
 * of the rows after a crash and never behind; a replay compares what it has sealed already with what the store gives.
 */
export class Projector {
  /** The position of the next event: the projector's own sequence, whatever cursors the store has. */
  private next = 0n;
  private cursor: Cursor | null = null;
  private subscription: Subscription | undefined;
  private consuming: Promise<void> = Promise.resolve();
  private following: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();

  constructor(private readonly parts: ProjectorParts) {}

  /**
   * Makes the read models that are new in this release, or were asked to be made anew. Then goes through the whole history once, from its first
   * event: compares it with the ledger, seals and projects what is new; then follows. Resolves when it has caught up.
   * @throws LedgerError `entry-differs`, `store-behind`, `ledger-behind`, `checkpoints-disagree`
   */
  async start(): Promise<void> {
    const { ledger, readModels, store, upkeep, progress } = this.parts;
    const { furthest, missing } = await readModels.look();
    if (furthest > ledger.sealedSize) throw ledgerBehind(furthest, ledger.sealedSize);
    if (missing.length > 0) await upkeep.rebuild(missing);
    // Before the rest: rows that cannot be gone on from would stop it, and this is how to mend them.
    await upkeep.answerAtStart();
    let waiting: StoredAppend[] = [];
    let count = 0;
    for await (const append of store.readAll(null)) {
      waiting.push(append);
      count += append.events.length;
      if (count < CATCH_UP_BATCH) continue;
      await this.take(waiting);
      [waiting, count] = [[], 0];
    }
    await this.take(waiting);
    if (this.next < ledger.sealedSize) throw storeBehind(this.next, ledger.sealedSize);
    // Batches that were projected before moved nothing, and said nothing of it.
    await readModels.keepNewestKnown();
    await upkeep.mend();
    progress.caughtUp(this.next);
    this.following = this.follow();
    upkeep.start();
  }

  /** Resolves when the batch at hand, if there is one, is committed. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.subscription?.unsubscribe();
    await this.parts.upkeep.stop();
    await this.following;
    await this.consuming.catch(() => undefined);
  }

  /** Subscribes again after each failure, from the last batch that was committed; nothing is skipped. */
  private async follow(): Promise<void> {
    const { progress, onUnfit } = this.parts;
    const { signal } = this.stopping;
    for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const before = this.next;
      try {
        await this.subscribe();
        return;
      } catch (error) {
        if (error instanceof LedgerError || isFencedOut(error) || error instanceof ReadModelError) {
          onUnfit(error);
          return;
        }
        if (this.next > before) pause = FIRST_PAUSE_MS;
        progress.failed(this.next, error, pause);
        await delay(pause, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Resolves when stopped, rejects when the subscription ends with an error. */
  private subscribe(): Promise<void> {
    const { signal } = this.stopping;
    return new Promise((resolve, reject) => {
      const stopped = (): void => resolve();
      signal.addEventListener('abort', stopped, { once: true });
      const consume = (batch: readonly StoredAppend[]): Promise<void> => (this.consuming = this.take(batch));
      this.subscription = this.parts.store.subscribeAll(this.cursor, consume).subscribe({
        error: (error: unknown) => {
          signal.removeEventListener('abort', stopped);
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      });
    });
  }

  private async take(appends: readonly StoredAppend[]): Promise<void> {
    const last = appends.at(-1);
    if (!last || this.stopping.signal.aborted) return;
    const { ledger, readModels, progress } = this.parts;
    const stored = appends.flatMap((append) => append.events);
    // Bytes first: what is in them is read only once they are known to be those that were sealed.
    const leaves = stored.map(({ bytes }) => bytes);
    ledger.append(this.next, leaves);
    await ledger.seal();
    const events = leaves.map((bytes, i) => ({
      position: this.next + BigInt(i),
      envelope: decodeEvent(bytes),
      bytes,
    }));
    await readModels.apply({ events, cursor: last.cursor });
    this.next += BigInt(events.length);
    this.cursor = last.cursor;
    progress.taken(this.next, events);
  }
}
