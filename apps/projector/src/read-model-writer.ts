import type { ClientBase } from 'pg';
import type { Cursor } from '#event-store/port';
import type { PositionedEvent, Projection } from '#platform/projection';
import {
  allCheckpoints,
  lockCheckpoints,
  moveCheckpoints,
  sameVersion,
  type Checkpoint,
} from '#platform/read-models/checkpoints';
import { ReadModelError } from '#platform/read-models/errors';
import { useSlot } from '#platform/read-models/slots';
import { keepKnownEvent } from '#site/own-store/known-event';
import type { Transactions } from './transactions.js';

/** Whole appends, as the projections get them. */
export interface Batch {
  readonly events: readonly PositionedEvent[];
  /** Of the last append in it. */
  readonly cursor: Cursor;
}

/** What {@link ReadModelWriter.look} finds. */
export interface ReadModelsFound {
  /** The position that the projection furthest ahead is at. */
  readonly furthest: bigint;
  /** They are not live in this version: new, or changed by this release. */
  readonly missing: readonly string[];
}

/**
 * Moves all live read models on together: rows, policy documents and checkpoints of a batch are one transaction, so each event counts exactly
 * once for each projection, and no reader sees two of them at different positions once they are level.
 *
 * Where each is, and in which slot, is read under its checkpoint's lock at the beginning of each transaction: a rebuild may have switched
 * it meanwhile, and then has taken what it took under the same lock.
 */
export class ReadModelWriter {
  /** Where each was when this last looked. It may be further by now, never behind. */
  private readonly known = new Map<Projection, bigint>();
  private newest: PositionedEvent | undefined;

  constructor(
    private readonly transactions: Transactions,
    private readonly projections: readonly Projection[],
  ) {}

  async look(): Promise<ReadModelsFound> {
    const checkpoints = await this.transactions.run(allCheckpoints);
    const ours = this.projections.map((projection) => ({
      name: projection.name,
      next: checkpoints.find((checkpoint) => sameVersion(checkpoint, projection))?.next,
    }));
    return {
      furthest: ours.reduce((furthest, { next = 0n }) => (next > furthest ? next : furthest), 0n),
      missing: ours.filter(({ next }) => next === undefined).map(({ name }) => name),
    };
  }

  /** All of it or, when anything fails, nothing. @throws LeaseError `fenced-out`; ReadModelError `checkpoint-moved`; Error when one of them is not live */
  async apply({ events, cursor }: Batch): Promise<void> {
    const last = events.at(-1);
    if (!last) return;
    this.newest = last;
    const end = last.position + 1n;
    if (this.projections.some((projection) => (this.known.get(projection) ?? 0n) < end)) {
      await this.move(events, last, cursor);
    } else {
      for (const projection of this.projections) projection.recall?.(events);
    }
  }

  /** The last event of those that were applied or already had been. @throws LeaseError `fenced-out` */
  async keepNewestKnown(): Promise<void> {
    const { newest } = this;
    if (newest) await this.transactions.run((tx) => keepKnown(tx, newest));
  }

  /**
   * Rows that must not be lost, where they are not what follows from the history.
   * @returns what was written, as people read it
   * @throws LeaseError `fenced-out`
   */
  async mend(): Promise<readonly string[]> {
    return this.transactions.run(async (tx) => {
      const mended: string[] = [];
      const checkpoints = await lockCheckpoints(tx, this.projections);
      for (const projection of this.projections) {
        const live = checkpoints.find((checkpoint) => sameVersion(checkpoint, projection));
        if (!live || !projection.mend) continue;
        await useSlot(tx, live.slot);
        mended.push(...(await projection.mend(tx, live.next)));
      }
      return mended;
    });
  }

  private async move(
    events: readonly PositionedEvent[],
    last: PositionedEvent,
    cursor: Cursor,
  ): Promise<void> {
    const first = events[0]?.position ?? last.position;
    const end = last.position + 1n;
    const moved = await this.transactions.run(async (tx) => {
      const checkpoints = await lockCheckpoints(tx, this.projections);
      const positions = new Map<Projection, bigint>();
      for (const projection of this.projections) {
        const live = checkpoints.find((checkpoint) => sameVersion(checkpoint, projection));
        if (!live) throw new Error(`${projection.name} version ${projection.version} is not live`);
        if (live.next < first) throw setBack(live, first);
        positions.set(projection, live.next > end ? live.next : end);
        projection.recall?.(events.filter(({ position }) => position < live.next));
        const news = events.filter(({ position }) => position >= live.next);
        if (news.length === 0) continue;
        await useSlot(tx, live.slot);
        await projection.apply(tx, news);
        await projection.tell?.(tx, news);
      }
      const behind = checkpoints.filter(({ next }) => next < end);
      if (behind.length > 0) await moveCheckpoints(tx, behind, end, cursor);
      await keepKnown(tx, last);
      return positions;
    });
    for (const [projection, position] of moved) this.known.set(projection, position);
  }
}

/** So that no store is taken for the site's that lacks what was projected once. */
async function keepKnown(tx: ClientBase, { position, envelope }: PositionedEvent): Promise<void> {
  const { stream, streamRevision, id } = envelope;
  const known = { position, stream, streamRevision: BigInt(streamRevision), id };
  await keepKnownEvent((text, values) => tx.query(text, values), known);
}

function setBack({ name, version, next }: Checkpoint, first: bigint): ReadModelError {
  return new ReadModelError(
    'checkpoint-moved',
    `the checkpoint of ${name} version ${version} was set back to position ${next} while the projector was at ${first}: the events between would be missing from its rows. ` +
      'Started again, it goes on from there; "holdfast projections verify" shows whether the rows are right',
  );
}
