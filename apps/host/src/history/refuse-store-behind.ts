import { PostgresRefill } from '#event-store/postgres/refill';
import { LedgerError } from '#ledger/published';
import { noteVerifier, TlogError } from '#tlog';
import { readSecret } from '../secret-files.js';
import type { Home } from '../home.js';
import type { LedgerFolders } from '../ledger-folders.js';
import { checkpointIn } from './checkpoint-in.js';

/**
 * A database with fewer events than were sealed must not get new ones: they would take positions that others have already. Looked at before
 * anything is appended or started; the projector looks at the bytes as well.
 * @throws LedgerError `store-behind`, with what to do; Error with a sentence for a checkpoint that cannot be read
 */
export async function refuseStoreBehind(
  home: Home,
  { ledgerDir, ledgerSecondDir }: LedgerFolders,
  ownerUrl: string,
): Promise<void> {
  const vkey = await readSecret(home.secret('ledger.vkey'));
  if (vkey === undefined) return;
  let sealed = 0n;
  for (const folder of [ledgerDir, ledgerSecondDir]) {
    try {
      const size = (await checkpointIn(folder, noteVerifier(vkey)))?.size ?? 0n;
      if (size > sealed) sealed = size;
    } catch (error) {
      // What is wrong with it is for the projector to say.
      if (!(error instanceof TlogError)) throw error;
    }
  }
  const store = new PostgresRefill(ownerUrl);
  let events: bigint;
  try {
    events = await store.size();
  } finally {
    await store.close();
  }
  if (events >= sealed) return;
  throw new LedgerError(
    'store-behind',
    `the database has ${events} events, ${sealed} were sealed: it is an older copy, or another one. Nothing was written. "holdfast restore --tail" brings the newest ${sealed - events} events back from the ledger`,
    events,
  );
}
