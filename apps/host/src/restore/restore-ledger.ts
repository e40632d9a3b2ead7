import path from 'node:path';
import { copyLog, writeDurably } from '#ledger/published';
import type { LogReader } from '#tlog';
import type { Home } from '../home.js';

export interface LedgerFolders {
  readonly ledgerDir: string;
  readonly ledgerSecondDir: string;
}

/** Where a site's ledger is: as the servers are told, else in its home. */
export function ledgerFolders(
  home: Home,
  config: { readonly ledgerDir?: string | undefined; readonly ledgerSecondDir?: string | undefined },
): LedgerFolders {
  return {
    ledgerDir: config.ledgerDir ?? home.ledger(),
    ledgerSecondDir: config.ledgerSecondDir ?? home.ledgerSecond(),
  };
}

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
