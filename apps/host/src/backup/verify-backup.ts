import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FilesystemBlobReader } from '#blob-store/filesystem/filesystem-blob-reader';
import { filesystemLogReader } from '#ledger/published';
import {
  CompactTree,
  decodeEntryBundle,
  noteVerifier,
  openCheckpoint,
  TlogError,
  verifyLog,
  type Checkpoint,
  type NoteVerifier,
} from '#tlog';
import { sealedBy } from '../history/sealed-log.js';
import { WholeAppends } from '../history/whole-appends.js';
import { artefactOf } from './back-up-blobs.js';
import { blobFile, readFileList, readManifest } from './backup-folder.js';
import { BackupError } from './errors.js';
import { checkFiles, type FileList } from './file-list.js';
import { openManifest, stateFolder, type BackupManifest } from './manifest.js';
import { attachmentsIn, manifestsIn } from './named-manifests.js';

/** A backup that was found to be whole. */
export interface VerifiedBackup {
  readonly folder: string;
  readonly manifest: BackupManifest;
  readonly checkpoint: Checkpoint;
  readonly files: FileList;
  readonly verifier: NoteVerifier;
}

/** The key that a backup says of itself that it is signed with; whoever knows the site's compares. @throws BackupError `no-backup` */
export async function ownVerifier(folder: string): Promise<NoteVerifier> {
  const vkey = await readFile(path.join(folder, 'log', 'log.vkey'), 'utf8').catch(() => undefined);
  if (vkey === undefined) {
    if ((await readManifest(folder)) === undefined) throw noBackup(folder);
    throw new BackupError(
      'backup-damaged',
      "the backup lacks its file log/log.vkey; give the site's key with --vkey",
    );
  }
  return noteVerifier(vkey.trim());
}

/**
 * Checks everything that can be checked without the secrets: the manifest's signature, each file's digest, the log under its checkpoint with all
 * entries and tiles, that the events make whole appends, and that each blob that they name is there.
 * @param kept checkpoints from elsewhere: the backup must contain each, unless it is of more events than the backup has
 * @throws BackupError; TlogError
 */
export async function verifyBackup(
  folder: string,
  verifier: NoteVerifier,
  kept: readonly Checkpoint[] = [],
): Promise<VerifiedBackup> {
  const note = await readManifest(folder);
  if (note === undefined) throw noBackup(folder);
  const manifest = openManifest(note, verifier);
  const files = await readFileList(folder, manifest);
  await checkFiles(folder, files);
  const missing = new Set(manifest.missingBlobs);
  const blobs = new FilesystemBlobReader(path.join(folder, 'blobs'));
  const requireBlob = (digest: string): void => {
    if (files.has(blobFile(digest)) || missing.has(digest)) return;
    throw new BackupError(
      'backup-damaged',
      `the history names blob ${digest}, which the backup neither has nor calls missing`,
    );
  };
  const appends = new WholeAppends();
  const manifests = new Set<string>();
  const attachments = new Set<string>();
  const tree = CompactTree.empty();
  const take = (bytes: Uint8Array): void => {
    appends.take(bytes);
    tree.appendEntry(bytes);
    for (const each of kept) if (tree.size === each.size) refuseOtherHistory(tree, each);
    for (const digest of manifestsIn(bytes)) manifests.add(digest);
    for (const digest of attachmentsIn(bytes)) attachments.add(digest);
  };
  const checkpoint = await verifySealed({ folder, manifest, verifier }, take);
  const unsealed = await readFile(path.join(folder, stateFolder(manifest.id), 'unsealed'));
  decodeEntryBundle(unsealed).forEach(take);
  appends.finish();
  if (String(appends.next) !== manifest.events)
    throw new BackupError(
      'backup-damaged',
      `the backup has ${appends.next} events, its manifest says ${manifest.events}`,
    );
  attachments.forEach(requireBlob);
  for (const digest of manifests) {
    requireBlob(digest);
    const artefact = missing.has(digest) ? undefined : await artefactOf(digest, blobs);
    if (artefact !== undefined) requireBlob(artefact);
  }
  return { folder, manifest, checkpoint, files, verifier };
}

interface Sealed {
  readonly folder: string;
  readonly manifest: BackupManifest;
  readonly verifier: NoteVerifier;
}

async function verifySealed(
  { folder, manifest, verifier }: Sealed,
  take: (bytes: Uint8Array) => void,
): Promise<Checkpoint> {
  const reader = filesystemLogReader(path.join(folder, 'log'));
  const beside = await reader.read('checkpoint');
  const onEntry = (_position: bigint, bytes: Buffer): void => take(bytes);
  const own = sealedBy(manifest.checkpoint, reader);
  const checkpoint = await verifyLog(own, [verifier], { onEntry });
  // A crash right behind the manifest leaves the earlier one; anything else was put there.
  if (beside && !Buffer.from(manifest.checkpoint).equals(beside)) {
    try {
      await verifyLog(own, [verifier], { kept: openCheckpoint(beside, [verifier]) });
    } catch (cause) {
      if (!(cause instanceof TlogError)) throw cause;
      throw new BackupError(
        'backup-damaged',
        `log/checkpoint is not of the history that the manifest seals: ${cause.message}`,
        { cause },
      );
    }
  }
  return checkpoint;
}

function refuseOtherHistory(tree: CompactTree, kept: Checkpoint): void {
  if (tree.root().equals(kept.root)) return;
  throw new BackupError(
    'history-differs',
    `the first ${kept.size} events of the backup are not those of the kept checkpoint: it is of another history`,
  );
}

function noBackup(folder: string): BackupError {
  return new BackupError(
    'no-backup',
    `${folder} has no manifest: it is no backup, or one that did not come to its end. Run the backup again; what is there already is not copied twice`,
  );
}
