import path from 'node:path';
import {
  CompactTree,
  encodeEntryBundle,
  openCheckpoint,
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
  /** The folder's earlier backup: the history must continue it. */
  readonly earlier: Earlier | undefined;
}

/** What the next backup needs to know of the one that is there. */
export interface Earlier {
  readonly checkpoint: Checkpoint;
  /** How many events it has, sealed and not. */
  readonly events: bigint;
  /** Those behind the sealed ones. */
  readonly unsealed: readonly Uint8Array[];
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
 * Verifies the site's ledger, holds the event store against it byte by byte, and that both continue the earlier backup; only then copies the
 * sealed log to `folder`/log: what an earlier backup has there is replaced by nothing that is not the same. What the store has beyond is not
 * sealed yet, and is kept beside it.
 * @throws BackupError `history-differs`, `backup-ahead`; TlogError when the ledger is not in order
 */
export async function backUpHistory(source: HistorySource, folder: string): Promise<BackedUpHistory> {
  const { ledger, verifier } = source;
  const note = await ledger.read('checkpoint');
  if (!note)
    throw new BackupError(
      'history-differs',
      'the ledger has no checkpoint: start the site once, so that it seals its history',
    );
  const checkpoint = Buffer.from(note).toString('utf8');
  const { size } = openCheckpoint(checkpoint, [verifier]);
  const unsealed = await verifySource(source, sealedBy(checkpoint, ledger), size);
  const log = path.join(folder, 'log');
  const files = await copyLog(ledger, log, size);
  // The ledger was read twice: what is signed for is the copy.
  await verifyLog(sealedBy(checkpoint, filesystemLogReader(log)), [verifier]);
  return { checkpoint, sealed: size, unsealed: encodeEntryBundle(unsealed), files };
}

/** @returns the events behind the sealed ones */
async function verifySource(
  { history, verifier, earlier }: HistorySource,
  log: LogReader,
  sealed: bigint,
): Promise<Buffer[]> {
  const events = history.events();
  const tree = CompactTree.empty();
  const sealedBefore = earlier?.checkpoint.size ?? 0n;
  let rootBefore = tree.root();
  let other: bigint | undefined;
  const compare = (position: bigint, event: Uint8Array): void => {
    const before = position < sealedBefore ? undefined : earlier?.unsealed[Number(position - sealedBefore)];
    if (before && other === undefined && Buffer.compare(before, event) !== 0) other = position;
  };
  try {
    const onEntry = async (position: bigint, entry: Buffer): Promise<void> => {
      const { value } = await events.next();
      if (value === undefined) throw storeBehind(position, sealed);
      if (!entry.equals(value)) throw differs(position);
      compare(position, value);
      if (position >= sealedBefore) return;
      tree.appendEntry(entry);
      if (tree.size === sealedBefore) rootBefore = tree.root();
    };
    await verifyLog(log, [verifier], { onEntry });
    const unsealed: Buffer[] = [];
    for await (const event of events) {
      compare(sealed + BigInt(unsealed.length), event);
      unsealed.push(Buffer.from(event));
    }
    if (earlier) refuseEarlierState(earlier, { sealed, events: history.size, rootBefore, other });
    return unsealed;
  } finally {
    await events.return(undefined);
  }
}

function refuseEarlierState(
  { checkpoint, events }: Earlier,
  now: {
    readonly sealed: bigint;
    readonly events: bigint;
    readonly rootBefore: Buffer;
    /** The first event that was not sealed in the earlier backup, and is another one. */
    readonly other: bigint | undefined;
  },
): void {
  if (now.sealed < checkpoint.size)
    throw backupAhead(
      `the site has ${now.sealed} sealed events, the backup that is there ${checkpoint.size}`,
    );
  if (!now.rootBefore.equals(checkpoint.root))
    throw backupAhead(`the site's first ${checkpoint.size} events are not those of the backup that is there`);
  if (now.other !== undefined)
    throw backupAhead(`the site's event ${now.other} is not that of the backup that is there`);
  if (now.events < events)
    throw backupAhead(`the site has ${now.events} events, the backup that is there ${events}`);
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

function backupAhead(how: string): BackupError {
  return new BackupError(
    'backup-ahead',
    `${how}: the site was rolled back, and what it lost may be in that backup alone. Nothing of it was changed; give another folder to back up this state as well`,
  );
}
