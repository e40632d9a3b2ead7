import { openEventStore } from '#event-store/open-event-store';
import { LedgerWriter } from '#ledger/published';
import { Lease } from '#platform/lease/lease';
import type { Logger } from '#platform/logging/logger';
import type { Projection } from '#platform/projection';
import { policyKeyName } from '#release-control/published';
import { noteSigner, signNote } from '#tlog';
import type { ProjectorConfig } from './config.js';
import { allProjections } from './projections.js';
import { UNSEEN, type ProjectorProgress } from './projector-progress.js';
import { Projector } from './projector.js';
import { ReadModelWriter } from './read-model-writer.js';
import { Transactions } from './transactions.js';
import { Upkeep } from './upkeep.js';

export interface ProjectorKeys {
  /** Ed25519 seeds, 32 bytes each. */
  readonly ledger: Uint8Array;
  readonly policy: Uint8Array;
}

/** One for what is live, one for a rebuild, one for what is said of it. */
const CONNECTIONS = 3;

type Settings = Pick<
  ProjectorConfig,
  'databaseUrl' | 'eventStoreUrl' | 'origin' | 'ledgerDir' | 'ledgerSecondDir'
> & {
  /** For tests that cannot wait; see {@link UpkeepParts}. */
  readonly tidyEveryMs?: number;
  readonly mendEveryMs?: number;
};

/** The projector with all that it holds: lease first, since only who has it may open the ledger. */
export class RunningProjector {
  private constructor(
    private readonly projector: Projector,
    private readonly closing: readonly (() => Promise<void>)[],
  ) {}

  /**
   * Waits for the lease, then until it has caught up.
   * @param onLost told when it must not go on: the lease is lost, or the history is not in order
   * @throws LedgerError; whatever keeps the event store or the read models from being reached
   */
  static async start(
    { databaseUrl, eventStoreUrl, origin, ledgerDir, ledgerSecondDir, tidyEveryMs, mendEveryMs }: Settings,
    keys: ProjectorKeys,
    logger: Logger,
    onLost: (error: Error) => void,
    progress: ProjectorProgress = UNSEEN,
  ): Promise<RunningProjector> {
    const closing: (() => Promise<void>)[] = [];
    try {
      const lease = new Lease(databaseUrl, onLost);
      closing.unshift(() => lease.release());
      const fence = await lease.acquire();
      progress.leaseHeld(fence.epoch);
      const places = { folder: ledgerDir, secondFolder: ledgerSecondDir };
      const ledger = await LedgerWriter.open(places, noteSigner(origin, keys.ledger), {
        epoch: fence.epoch,
        during: (work) => lease.during(work),
      });
      const policySigner = noteSigner(policyKeyName(origin), keys.policy);
      const transactions = new Transactions(databaseUrl, CONNECTIONS, fence);
      closing.unshift(() => transactions.close());
      const store = await openEventStore({ databaseUrl, eventStoreUrl });
      closing.unshift(() => store.close());
      const projections = (): Projection[] =>
        allProjections({
          origin,
          sign: (text) => signNote(text, [policySigner]),
          rootAt: (position) => ledger.rootAt(position),
          history: store,
        });
      const parts = { store, ledger, transactions, logger, onUnfit: onLost };
      const readModels = new ReadModelWriter(transactions, projections());
      const projector = new Projector({
        ...parts,
        readModels,
        upkeep: new Upkeep({
          ...parts,
          projections,
          progress,
          tidyEveryMs,
          mendEveryMs,
          mend: () => readModels.mend(),
        }),
        progress,
      });
      await projector.start();
      return new RunningProjector(projector, closing);
    } catch (error) {
      for (const close of closing) await close();
      throw error;
    }
  }

  /** Finishes the batch at hand, then lets go of everything; the lease last. */
  async close(): Promise<void> {
    await this.projector.stop();
    for (const close of this.closing) await close();
  }
}
