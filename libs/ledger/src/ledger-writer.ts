import { rm } from 'node:fs/promises';
import path from 'node:path';
import { hashLeaf, type NoteSigner } from '#tlog';
import { CheckpointPlaces } from './checkpoint-places.js';
import { LedgerError } from './errors.js';
import type { GrowingLog } from './growing-log.js';
import { recoverLog } from './recover-log.js';
import { Staging } from './staging.js';

export interface LedgerPlaces {
  /** Served to auditors: `checkpoint`, `tile/…`, `log.vkey`. */
  readonly folder: string;
  /** Keeps the last checkpoint once more. */
  readonly secondFolder: string;
}

/** Why this process is the only one that writes the ledger: the lease that it holds. */
export interface SoleWriter {
  /** Grows each time the lease is taken. */
  readonly epoch: bigint;
  /** Does `work` while nobody can take the lease over. @throws CodedError `fenced-out` when somebody has, before `work` */
  during<Result>(work: () => Promise<Result>): Promise<Result>;
}

/**
 * Writes the history as a C2SP log: static files, tiles first, the signed checkpoint last. One writer at a time: its lease is
 * checked when the checkpoint is to move, and the files of one that lost it come to nothing (see `staging.ts`).
 *
 * Crash windows: before the checkpoint, files exist that nothing names; they are written again with the same bytes. Between the two
 * checkpoints, the second place lags and is brought up at the next start, or seal. After both, partial tiles may outlive their full one; harmless.
 */
export class LedgerWriter {
  private constructor(
    private readonly folder: string,
    private readonly staging: Staging,
    private readonly sole: SoleWriter,
    private readonly checkpoints: CheckpointPlaces,
    private readonly log: GrowingLog,
  ) {}

  /**
   * Opens a ledger, or founds it.
   * @throws LedgerError `checkpoints-disagree`, `ledger-damaged`, `fenced-out`: nothing was written then
   */
  static async open(
    { folder, secondFolder }: LedgerPlaces,
    signer: NoteSigner,
    sole: SoleWriter,
  ): Promise<LedgerWriter> {
    // Before anything is read: what is read then is not changed by a predecessor any more.
    const staging = await Staging.open(folder, sole.epoch);
    const second = { folder: secondFolder, staging: await Staging.open(secondFolder, sole.epoch) };
    const checkpoints = await CheckpointPlaces.open({ folder, staging }, second, signer);
    const log = recoverLog(folder, checkpoints.sealed);
    await checkpoints.reconcile((size) => log.rootOf(size));
    // For convenience: whoever verifies must have it from elsewhere.
    await staging.write(new Map([['log.vkey', `${signer.vkey}\n`]]));
    return new LedgerWriter(folder, staging, sole, checkpoints, log);
  }

  /** Entries, sealed or about to be. */
  get size(): bigint {
    return this.log.size;
  }

  get sealedSize(): bigint {
    return this.checkpoints.sealed.size;
  }

  /**
   * Takes the entries from position `first` on. Those that it has already are compared, which is how a replay audits the event store.
   * @throws LedgerError `entry-differs`, naming the position; RangeError when entries are missing before `first`
   */
  append(first: bigint, entries: readonly Uint8Array[]): void {
    if (first > this.size) throw new RangeError(`entries ${this.size} to ${first - 1n} are missing`);
    let position = first;
    for (const entry of entries) {
      const known = this.log.leafHash(position);
      if (known === undefined) this.log.append(entry);
      else if (!known.equals(hashLeaf(entry))) throw entryDiffers(position);
      position += 1n;
    }
  }

  /** Base64 root over the entries 0 to `position`, sealed or not. @throws RangeError for an entry that isn't there */
  rootAt(position: bigint): string {
    return this.log.rootOf(position + 1n).toString('base64');
  }

  /** Makes everything durable and signs it. @throws LedgerError `checkpoints-disagree`, `fenced-out` */
  async seal(): Promise<void> {
    // First: otherwise the one would go on ahead of the other, a seal for each try.
    await this.checkpoints.level();
    const { size: sealed, root } = this.checkpoints.sealed;
    if (this.size === sealed) return;
    if (!this.log.rootOf(sealed).equals(root)) {
      throw new LedgerError(
        'ledger-damaged',
        `what is to be signed does not begin with the ${sealed} sealed entries`,
      );
    }
    await this.checkpoints.refuseIfChanged();
    await this.staging.write(this.log.files());
    await this.sole.during(() => this.checkpoints.replace(this.size, this.log.rootOf(this.size)));
    // Only now: a checkpoint that needed them has been replaced by one that does not.
    for (const name of this.log.written()) {
      await rm(path.join(this.folder, `${name}.p`), { recursive: true, force: true });
    }
  }
}

function entryDiffers(position: bigint): LedgerError {
  return new LedgerError(
    'entry-differs',
    `event ${position} is not the one that was sealed at that position: the database was altered, or is another site's`,
    position,
  );
}
