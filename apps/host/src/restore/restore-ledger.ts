import path from 'node:path';
import { copyLog, writeDurably } from '#ledger/published';
import type { LogReader } from '#tlog';
import type { LedgerFolders } from '../ledger-folders.js';

/**
 * Lays a sealed log down as the projector leaves it: tiles first, then the checkpoint in both places, the second one first: from then on its
 * absence is a loss and not a beginning.
 */
export async function restoreLedger(
  from: LogReader,
  checkpoint: string,
  size: bigint,
  { ledgerDir, ledgerSecondDir }: LedgerFolders,
): Promise<void> {
  await copyLog(from, ledgerDir, size);
  await writeDurably(new Map([[path.join(ledgerSecondDir, 'checkpoint'), checkpoint]]));
  await writeDurably(new Map([[path.join(ledgerDir, 'checkpoint'), checkpoint]]));
}
