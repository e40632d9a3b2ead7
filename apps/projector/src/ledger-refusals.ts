import { LedgerError } from '#ledger/published';

export function ledgerBehind(rows: bigint, sealed: bigint): LedgerError {
  return new LedgerError(
    'ledger-behind',
    `the read models are at position ${rows}, the ledger holds ${sealed} entries: its folders are an old copy, or another site's. Bring back the newest copy of both`,
    sealed,
  );
}

export function storeBehind(events: bigint, sealed: bigint): LedgerError {
  return new LedgerError(
    'store-behind',
    `the event store has ${events} events, ${sealed} were sealed: the database was rolled back, or events were removed. "holdfast restore --tail" brings the newest ones back from the ledger`,
    events,
  );
}
