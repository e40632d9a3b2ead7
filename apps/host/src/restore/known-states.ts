import path from 'node:path';
import { TlogError, type Checkpoint, type NoteVerifier } from '#tlog';
import { BackupError } from '../backup/errors.js';
import { checkpointIn } from '../history/checkpoint-in.js';
import type { LedgerFolders } from '../ledger-folders.js';

/** A sealed state that what is restored must contain, or that is given up knowingly. */
export interface KnownState {
  readonly checkpoint: Checkpoint;
  readonly file: string;
}

/**
 * The sealed states that outlived a site where its ledger is: each folder may be on a disk of its own, and hold more than the backup does.
 * @throws BackupError `not-empty` for a checkpoint that is not this site's, or is none
 */
export async function statesInPlace(
  { ledgerDir, ledgerSecondDir }: LedgerFolders,
  verifier: NoteVerifier,
): Promise<KnownState[]> {
  const states: KnownState[] = [];
  for (const folder of [ledgerDir, ledgerSecondDir]) {
    const file = path.join(folder, 'checkpoint');
    try {
      const checkpoint = await checkpointIn(folder, verifier);
      if (checkpoint) states.push({ file, checkpoint });
    } catch (cause) {
      if (!(cause instanceof TlogError)) throw cause;
      throw new BackupError(
        'not-empty',
        `${file} is no checkpoint of ${verifier.name}, and would be replaced (${cause.message}): move its folder away, or name another one`,
        { cause },
      );
    }
  }
  return states;
}

/** @returns undefined when there is none */
export function newestOf(states: readonly KnownState[]): KnownState | undefined {
  return states.reduce<KnownState | undefined>(
    (newest, state) => (newest && newest.checkpoint.size >= state.checkpoint.size ? newest : state),
    undefined,
  );
}
