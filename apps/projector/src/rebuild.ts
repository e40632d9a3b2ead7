import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { EventStore } from '#event-store/port';
import type { LedgerWriter } from '#ledger/published';
import type { Logger } from '#platform/logging/logger';
import type { PositionedEvent, Projection } from '#platform/projection';
import { allCheckpoints, lockCheckpoints, sameVersion } from '#platform/read-models/checkpoints';
import { dropTables, dropViews, goLive, makeTables, namesOf } from '#platform/read-models/generations';
import { otherSlot, tableIn, useSlot, type Slot } from '#platform/read-models/slots';
import { LOCK_WITHIN } from './lock-within.js';
import type { ProjectorProgress } from './projector-progress.js';
import { readersInTheWay } from './readers-in-the-way.js';
import { storeBehind } from './ledger-refusals.js';
import { BEGINNING, sealedEvents, type Place } from './sealed-events.js';
import type { Transactions } from './transactions.js';

export interface RebuildParts {
  readonly store: EventStore;
  readonly ledger: LedgerWriter;
  readonly transactions: Transactions;
  readonly logger: Logger;
  readonly progress: Pick<ProjectorProgress, 'rebuildWaits'>;
  /** Aborted when the process is to stop: what was begun is begun anew another time. */
  readonly signal: AbortSignal;
}

/** Events in one transaction: more than what is live gets, since nobody waits for it. */
const BATCH = 4_000;

/** Longer each time: live batches, too, wait while we do. */
const PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** Readers of a moment ago are gone after fewer attempts; who is still there then is named, and again every five minutes or so. */
const NAMED_AT_ATTEMPT = 5;
const NAMED_AGAIN_AFTER = 30;
const LOCK_NOT_AVAILABLE = '55P03';
const DROP_ATTEMPTS = 3;

interface Building {
  readonly projection: Projection;
  readonly slot: Slot;
  /** Where it is live now; undefined for one that is not. */
  readonly old: Slot | undefined;
}

/**
 * Makes read models anew beside the live ones, which go on meanwhile: replays the sealed events into the slots that are not live, and switches
 * all of them in one transaction, under their checkpoints' locks, when they are at least as far.
 *
 * A crash before the switch leaves the old tables live, and half filled ones that nobody sees; the next rebuild begins with removing those. A
 * crash after it leaves the old tables behind, for the upkeep or the next rebuild. What is written before the switch is not made durable by
 * itself: the commit of the switch does that, and without it all of it is nothing.
 */
export class Rebuild {
  private place: Place = BEGINNING;

  /** @param projections made for this, since they keep in memory what they folded */
  constructor(
    private readonly parts: RebuildParts,
    private readonly projections: readonly Projection[],
  ) {}

  /**
   * @param onProgress told now and then at which position the new tables are
   * @param attempts how often it tries to switch while others read, a few seconds each
   * @returns the position of the first event that they had not taken at the switch
   * @throws LedgerError `entry-differs`, `store-behind`; what a projection throws; the signal's reason; DatabaseError `55P03` after the attempts
   */
  async run(
    onProgress: (position: bigint) => Promise<void> = async () => undefined,
    attempts = Infinity,
  ): Promise<bigint> {
    const { signal, transactions } = this.parts;
    const building = await this.whenNobodyReads(attempts, (tx) => this.begin(tx));
    for await (const { events, end } of sealedEvents(this.parts, this.place, BATCH)) {
      signal.throwIfAborted();
      await transactions.run(async (tx) => {
        await tx.query('set local synchronous_commit = off');
        await take(tx, building, events);
      });
      this.place = end;
      await onProgress(end.next);
    }
    // So that the first readers get good plans.
    for (const { projection, slot } of building) {
      const tables = namesOf(projection).map((table) => tableIn(slot, table));
      await transactions.run((tx) => tx.query(`analyze ${tables.join(', ')}`));
    }
    this.place = await this.whenNobodyReads(attempts, (tx) => this.switchOver(tx, building));
    await this.dropOld(building);
    return this.place.next;
  }

  private async begin(tx: pg.ClientBase): Promise<Building[]> {
    await tx.query(`set local lock_timeout = '${LOCK_WITHIN}'`);
    const live = await allCheckpoints(tx);
    const building = this.projections.map((projection): Building => {
      const old = live.find((checkpoint) => sameVersion(checkpoint, projection))?.slot;
      return { projection, slot: old === undefined ? 'blue' : otherSlot(old), old };
    });
    for (const { projection, slot, old } of building) {
      if (old === undefined) await dropViews(tx, namesOf(projection));
      await makeTables(tx, projection, slot);
    }
    return building;
  }

  /** Nobody moves the live ones meanwhile; what they took since is taken here too. */
  private async switchOver(tx: pg.ClientBase, building: readonly Building[]): Promise<Place> {
    const live = await lockCheckpoints(tx, this.projections);
    const furthest = live.reduce((next, checkpoint) => (checkpoint.next > next ? checkpoint.next : next), 0n);
    let place = this.place;
    if (place.next < furthest) {
      // As one batch, whatever its size: a projection can take its last batch again, should this fail, and not the last two.
      for await (const { events, end } of sealedEvents(this.parts, place, Infinity)) {
        await take(tx, building, events);
        place = end;
      }
    }
    if (place.next < furthest) throw storeBehind(place.next, furthest);
    await tx.query(`set local lock_timeout = '${LOCK_WITHIN}'`);
    for (const { projection, slot } of building) await goLive(tx, projection, { slot, ...place });
    return place;
  }

  /** Readers of a moment ago may still be at them. Whatever keeps them here, the new ones are live: the upkeep tries again later. */
  private async dropOld(building: readonly Building[]): Promise<void> {
    const replaced = building.flatMap(({ projection, old }) =>
      old === undefined ? [] : [{ names: namesOf(projection), old }],
    );
    try {
      await this.whenNobodyReads(DROP_ATTEMPTS, async (tx) => {
        await tx.query(`set local lock_timeout = '${LOCK_WITHIN}'`);
        for (const { names, old } of replaced) await dropTables(tx, names, old);
      });
    } catch (err) {
      if (this.parts.signal.aborted) return;
      this.parts.logger.warn(
        { err, tables: replaced.flatMap(({ names }) => names) },
        'could not remove the tables that a rebuild replaced; will try again',
      );
    }
  }

  private async whenNobodyReads<Result>(
    attempts: number,
    work: (tx: pg.ClientBase) => Promise<Result>,
  ): Promise<Result> {
    const { signal, transactions } = this.parts;
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        return await transactions.run(work);
      } catch (error) {
        if (!lockedByReaders(error)) throw error;
        if (attempt % NAMED_AGAIN_AFTER === NAMED_AT_ATTEMPT) await this.nameReaders();
        if (attempt >= attempts) throw error;
        const pause = Math.min(PAUSE_MS * attempt, LONGEST_PAUSE_MS);
        await delay(pause, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private async nameReaders(): Promise<void> {
    const readers = await this.parts.transactions.run((tx) =>
      readersInTheWay(tx, this.projections.flatMap(namesOf)),
    );
    this.parts.progress.rebuildWaits(
      this.projections.map(({ name }) => name),
      readers,
    );
  }
}

async function take(
  tx: pg.ClientBase,
  building: readonly Building[],
  events: readonly PositionedEvent[],
): Promise<void> {
  for (const { projection, slot } of building) {
    await useSlot(tx, slot);
    await projection.apply(tx, events);
  }
}

function lockedByReaders(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE;
}
