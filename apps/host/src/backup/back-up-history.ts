import path from 'node:path';
import {
  encodeEntryBundle,
  openCheckpoint,
  TlogError,
  verifyLog,
  type Checkpoint,
  type LogReader,
  type NoteVerifier,
} from '#tlog';
import { copyLog, filesystemLogReader } from '#ledger/published';
import { sealedBy } from '../history/sealed-log.js';
import { BackupError } from './errors.js';
import type { StoredHistory } from './stored-history.js';

export interface HistorySource {
  readonly history: StoredHistory;
  /** The site's ledger. */
  readonly ledger: LogReader;
  readonly verifier: NoteVerifier;
  /** What the folder's earlier backup was sealed by: the history must continue it. */
  readonly earlier: Checkpoint | undefined;
}

export interface BackedUpHistory {
  /** The signed note. */
  readonly checkpoint: string;
  readonly sealed: bigint;
  /** Events behind the sealed ones, as one entry bundle of any length. */
  readonly unsealed: Uint8Array;
  /** Files under `log/`. */
  readonly files: readonly string[];
}

/**
 * Copies the sealed log to `folder`/log, verifies the copy, and holds the event store against it byte by byte; what the store has beyond is
 * not sealed yet, and is kept beside it.
 * @throws BackupError `history-differs`, `backup-ahead`
 */
export async function backUpHistory(source: HistorySource, folder: string): Promise<BackedUpHistory> {
  const { history, ledger, verifier, earlier } = source;
  const note = await ledger.read('checkpoint');
  if (!note)
    throw new BackupError(
      'history-differs',
      'the ledger has no checkpoint: start the site once, so that it seals its history',
    );
  const checkpoint = Buffer.from(note).toString('utf8');
  const { size } = openCheckpoint(checkpoint, [verifier]);
  const files = await copyLog(ledger, path.join(folder, 'log'), size);
  const events = history.events();
  try {
    const onEntry = async (position: bigint, entry: Buffer): Promise<void> => {
      const { value } = await events.next();
      if (value === undefined) throw storeBehind(position, size);
      if (!entry.equals(value)) throw differs(position);
    };
    const copy = sealedBy(checkpoint, filesystemLogReader(path.join(folder, 'log')));
    const kept = earlier === undefined ? {} : { kept: earlier };
    await verifyLog(copy, [verifier], { onEntry, ...kept }).catch((error: unknown) => {
      throw error instanceof TlogError && earlier ? notContinued(error, earlier) : error;
    });
    const unsealed: Buffer[] = [];
    for await (const event of events) unsealed.push(Buffer.from(event));
    return { checkpoint, sealed: size, unsealed: encodeEntryBundle(unsealed), files };
  } finally {
    await events.return(undefined);
  }
}

function storeBehind(events: bigint, sealed: bigint): BackupError {
  return new BackupError(
    'history-differs',
    `the event store has ${events} events, ${sealed} were sealed: it was rolled back. "holdfast restore --tail" brings the newest ones back from the ledger`,
  );
}

function differs(position: bigint): BackupError {
  return new BackupError(
    'history-differs',
    `the event at position ${position} is not the one that was sealed: the database or the ledger was altered. "holdfast verify --database" names every such event`,
  );
}

function notContinued(error: TlogError, { size }: Checkpoint): BackupError {
  return new BackupError(
    'backup-ahead',
    `the site's history does not continue the ${size} events of the backup that is there (${error.message}). Nothing of that backup was changed; give another folder to back up this state as well`,
    { cause: error },
  );
}
