import type { Home } from './home.js';

export interface LedgerFolders {
  readonly ledgerDir: string;
  /** Where the last checkpoint is once more. */
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
