import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { sentenceOf } from '#kernel';
import { LedgerError } from '#ledger/published';
import { mayPass } from '#platform/database/passing-errors';
import { isFencedOut } from '#platform/lease/errors';
import type { Projection } from '#platform/projection';
import { ANNOUNCE_EVERY_MS } from '#platform/read-models/announcements';
import { ReadModelError } from '#platform/read-models/errors';
import { dropOldVersions } from './old-versions.js';
import type { ProjectorProgress } from './projector-progress.js';
import { dropReplacedTables } from './replaced-tables.js';
import { Rebuild, type RebuildParts } from './rebuild.js';
import { RebuildRequests, type RebuildRequest } from './rebuild-requests.js';

export interface UpkeepParts extends Omit<RebuildParts, 'signal'> {
  readonly progress: ProjectorProgress;
  /** Fresh ones at each call. */
  readonly projections: () => readonly Projection[];
  /** Writes the rows that must not be lost, where they are not what follows from the history; what it wrote. */
  readonly mend: () => Promise<readonly string[]>;
  /** Told when it must not go on: the history is not in order, or another projector has taken over. */
  readonly onUnfit: (error: Error) => void;
  /** How long it has to go well before what nobody reads is removed; two announcements by default. */
  readonly tidyEveryMs?: number | undefined;
  /** How often rows that must not be lost are looked at; a minute by default. */
  readonly mendEveryMs?: number | undefined;
}

const LOOK_EVERY_MS = 1_000;
const MEND_EVERY_MS = 60_000;
/** A few seconds: as many as it takes until who is in the way is named. */
const ATTEMPTS_AT_START = 5;
const DISK_FULL = '53100';
/** Each reader that is there has said so once more by then. */
const TIDY_EVERY_MS = 2 * ANNOUNCE_EVERY_MS;

/** What the projector does beside following: rebuilds that somebody asked for, and what no reader reads any more. */
export class Upkeep {
  private readonly stopping = new AbortController();
  private readonly requests: RebuildRequests;
  private running: Promise<void> = Promise.resolve();
  private mendedAt = -Infinity;

  constructor(private readonly parts: UpkeepParts) {
    this.requests = new RebuildRequests(parts.transactions);
  }

  start(): void {
    this.running = this.run();
  }

  /** Lets go of a rebuild that has not switched yet; it is begun anew at the next start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Those of the names, in this release's version, made from the beginning and live. @throws LedgerError; what a projection throws */
  async rebuild(
    names: readonly string[],
    onProgress?: (position: bigint) => Promise<void>,
    attempts?: number,
  ): Promise<bigint> {
    const { logger, progress, projections } = this.parts;
    const fresh = projections();
    const unknown = names.find((name) => !fresh.some((projection) => projection.name === name));
    if (unknown !== undefined)
      throw new ReadModelError('no-such-read-model', `this release has no read model ${unknown}`);
    const chosen = fresh.filter(({ name }) => names.includes(name));
    const began = performance.now();
    progress.rebuilds(names);
    try {
      const rebuild = new Rebuild({ ...this.parts, signal: this.stopping.signal }, chosen);
      const next = await rebuild.run(onProgress, attempts);
      logger.info({ names, next: String(next), ms: Math.round(performance.now() - began) }, 'rebuilt');
      return next;
    } finally {
      progress.rebuildEnded();
    }
  }

  /**
   * All that was asked for. A rebuild that fails is marked so, and what is live goes on; one that something passing ended is not, and comes again.
   * @throws LedgerError; whatever keeps the database or the event store from being reached
   */
  async answerRequests(attempts?: number): Promise<void> {
    for (let request = await this.requests.next(); request; request = await this.requests.next()) {
      await this.answer(request, attempts);
    }
  }

  /**
   * As much of it as can be done now: there are old rows, with which the projector can go on. What readers keep from being switched to, and what
   * something passing ended, is left to the running upkeep.
   * @throws LedgerError; whatever keeps the database from being reached
   */
  async answerAtStart(): Promise<void> {
    try {
      await this.answerRequests(ATTEMPTS_AT_START);
    } catch (error) {
      if (!isWorthAnotherTry(error)) throw error;
      this.parts.logger.warn({ err: error }, 'a rebuild is put off until the projector follows');
    }
  }

  /** @throws LeaseError `fenced-out`; whatever keeps the database from being reached */
  async mend(): Promise<void> {
    const rows = await this.parts.mend();
    this.mendedAt = performance.now();
    if (rows.length > 0)
      this.parts.logger.warn({ rows }, 'wrote signed policies again that were missing or not as decided');
  }

  private async answer(request: RebuildRequest, attempts?: number): Promise<void> {
    const reached = (position: bigint): Promise<void> => this.requests.reached(request, position);
    try {
      const next = await this.rebuild(request.names, reached, attempts);
      await this.requests.done(request, next);
    } catch (error) {
      // Not its fault: it stays begun, to be tried again here, at the next start or by the next projector.
      if (this.stopping.signal.aborted || isFencedOut(error)) throw error;
      if (isWorthAnotherTry(error)) {
        // Should the database be what is away, it counts: too few tries are better than one without an end.
        await this.requests.interrupted(request).catch(() => undefined);
        throw error;
      }
      const why = sentenceOf(error);
      await this.requests.failed(request, why);
      this.parts.logger.error({ err: error, names: request.names }, 'could not rebuild');
      if (error instanceof LedgerError) throw error;
    }
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { tidyEveryMs = TIDY_EVERY_MS, mendEveryMs = MEND_EVERY_MS } = this.parts;
    // Since when the database has answered without a break, or when it was last tidied. While it was away, readers could not say that they are there.
    let quietSince: number | undefined;
    while (!signal.aborted) {
      try {
        await this.answerRequests();
        if (performance.now() - this.mendedAt > mendEveryMs) await this.mend();
        quietSince ??= performance.now();
        if (performance.now() - quietSince > tidyEveryMs) {
          await this.tidy();
          quietSince = performance.now();
        }
      } catch (error) {
        if (error instanceof LedgerError || isFencedOut(error)) {
          this.parts.onUnfit(error);
          return;
        }
        quietSince = undefined;
        if (!signal.aborted) this.parts.logger.warn({ err: error }, 'upkeep failed; will try again');
      }
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async tidy(): Promise<void> {
    const { logger, projections, transactions } = this.parts;
    const ours = projections();
    const dropped = await transactions.run((tx) => dropOldVersions(tx, ours));
    for (const version of dropped) logger.info(version, 'removed a version that nobody reads any more');
    const tables = await transactions.run((tx) => dropReplacedTables(tx, ours));
    if (tables.length > 0) logger.info({ tables }, 'removed tables that a rebuild had replaced');
  }
}

function isWorthAnotherTry(error: unknown): boolean {
  // Room for the new tables would be taken, again and again, from what is live.
  if (error instanceof pg.DatabaseError && error.code === DISK_FULL) return false;
  return mayPass(error);
}
