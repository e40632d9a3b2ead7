import { NewestCredentials } from '#identity/published';
import { decodeEvent } from '#kernel';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store';
import { filesystemLogReader } from '#ledger/published';
import { TlogError, verifyLog, type Checkpoint, type NoteVerifier } from '#tlog';
import { BackupError } from '../backup/errors.js';
import { HistoryWriter, missingCredentials } from './restore-database.js';

export interface ReplayedTail {
  /** How many events the database had, and has now. */
  readonly before: bigint;
  readonly after: bigint;
  readonly checkpoint: Checkpoint;
  /** Ids of people whose password, or second component, was set in the tail: the database lacks its verifier, and no backup can have it. */
  readonly withoutPassword: readonly string[];
  /** Blobs that the ledger's events name. */
  readonly manifests: ReadonlySet<string>;
  /** Files of requests that they name. */
  readonly attachments: ReadonlySet<string>;
}

/**
 * Brings the newest events back to a database that lacks them, from the ledger's entry bundles, which hold the exact bytes. The whole ledger is
 * verified, and held against what the database has, before anything is written.
 * @param kept checkpoints from elsewhere that the ledger must contain
 * @throws BackupError `history-differs`, `rolled-back`; TlogError
 */
export async function replayTail(
  ledgerDir: string,
  verifier: NoteVerifier,
  ownerUrl: string,
  kept: readonly Checkpoint[] = [],
): Promise<ReplayedTail> {
  const reader = filesystemLogReader(ledgerDir);
  for (const each of kept) {
    await verifyLog(reader, [verifier], { kept: each }).catch((error: unknown) => {
      throw error instanceof TlogError && error.code === 'root-differs'
        ? new BackupError('rolled-back', `the ledger in ${ledgerDir} is not the newest: ${error.message}`, {
            cause: error,
          })
        : error;
    });
  }
  await compareBeginning(ledgerDir, verifier, ownerUrl);
  const writer = await HistoryWriter.open(ownerUrl);
  try {
    const credentials = new NewestCredentials();
    const onEntry = async (position: bigint, bytes: Buffer): Promise<void> => {
      if (position >= writer.before) credentials.take(decodeEvent(bytes));
      await writer.take(bytes, false);
    };
    const checkpoint = await verifyLog(reader, [verifier], { onEntry });
    await writer.finish();
    const after = writer.before > checkpoint.size ? writer.before : checkpoint.size;
    const named = credentials.entries();
    const missing = new Set(
      await missingCredentials(
        ownerUrl,
        named.map(([, id]) => id),
      ),
    );
    const lacking = named.filter(([, id]) => missing.has(id)).map(([person]) => person);
    const withoutPassword = [...new Set(lacking)];
    const { before, manifests, attachments } = writer;
    return { before, after, checkpoint, withoutPassword, manifests, attachments };
  } finally {
    await writer.close();
  }
}

/** Verifies the ledger, and that the database's events are its first ones. */
async function compareBeginning(ledgerDir: string, verifier: NoteVerifier, ownerUrl: string): Promise<void> {
  const store = new PostgresEventStore(ownerUrl);
  const events = storedBytes(store);
  try {
    const onEntry = async (position: bigint, entry: Buffer): Promise<void> => {
      const { value } = await events.next();
      if (value === undefined || entry.equals(value)) return;
      throw new BackupError(
        'history-differs',
        `the database's event at position ${position} is not the one that was sealed there: it has another history than this ledger, and nothing was written`,
      );
    };
    await verifyLog(filesystemLogReader(ledgerDir), [verifier], { onEntry });
  } finally {
    await events.return(undefined);
    await store.close();
  }
}

async function* storedBytes(store: PostgresEventStore): AsyncGenerator<Uint8Array, undefined> {
  for await (const append of store.readAll(null)) for (const { bytes } of append.events) yield bytes;
  return undefined;
}
