import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { BlobDigest } from '#blob-store/port';
import { writeDurably } from '#ledger/published';
import type { NoteSigner, NoteVerifier } from '#tlog';
import { BackupError } from './errors.js';
import { formatFileList, digestOf, parseFileList, type FileList } from './file-list.js';
import { MANIFEST, openManifest, signManifest, stateFolder, type BackupManifest } from './manifest.js';

/** What a backup's folder may hold. */
const OURS = [MANIFEST, 'log', 'blobs', 'state'];

/**
 * A folder with one whole backup in it, once it has a manifest. A next backup adds files under names that are not in use, and then replaces the
 * manifest: until that moment the folder is the earlier backup, after it the new one, whenever a crash comes. What only the earlier one named
 * goes last.
 */
export class BackupFolder {
  private constructor(
    readonly folder: string,
    /** Of the backup that is there; undefined for the first one. */
    readonly earlier: BackupManifest | undefined,
  ) {}

  /**
   * Opens a folder to write a backup to, making it when there is none.
   * @throws BackupError `not-empty` when it holds something else, `other-site`, `backup-damaged`
   */
  static async open(folder: string, verifier: NoteVerifier): Promise<BackupFolder> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const foreign = (await readdir(folder)).find((name) => !OURS.includes(name.replace(/\.tmp$/, '')));
    if (foreign !== undefined)
      throw new BackupError(
        'not-empty',
        `${folder} holds ${foreign}, which is no part of a backup: give a folder of its own`,
      );
    const note = await readManifest(folder);
    return new BackupFolder(folder, note === undefined ? undefined : openManifest(note, verifier));
  }

  /**
   * Digests what was written, and makes it the backup.
   * @param blobs were read through their digests when they were written, and are not read again
   */
  async complete(
    manifest: Omit<BackupManifest, 'files'>,
    written: { readonly files: readonly string[]; readonly blobs: readonly BlobDigest[] },
    signer: NoteSigner,
  ): Promise<void> {
    const files = new Map(written.blobs.map((digest) => [blobFile(digest), digest]));
    for (const name of written.files) {
      const digest = await digestOf(path.join(this.folder, name));
      if (digest === undefined)
        throw new BackupError('backup-damaged', `${name} was just written, and is gone`);
      files.set(name, digest);
    }
    const list = path.join(this.folder, stateFolder(manifest.id), 'files.sha256');
    await writeDurably(new Map([[list, formatFileList(files)]]));
    const whole = { ...manifest, files: (await digestOf(list)) ?? '' };
    await writeDurably(new Map([[path.join(this.folder, MANIFEST), signManifest(whole, signer)]]));
    // For other people's software, which looks for it there; we read the manifest's.
    await writeDurably(new Map([[path.join(this.folder, 'log/checkpoint'), manifest.checkpoint]]));
    await this.removeOld(manifest.id, files);
  }

  /** Blobs stay: they are what takes long to copy, and a history never stops to name one. */
  private async removeOld(id: string, kept: FileList): Promise<void> {
    const state = path.join(this.folder, 'state');
    for (const name of await readdir(state)) {
      if (name !== id) await rm(path.join(state, name), { recursive: true, force: true });
    }
    const tiles = path.join(this.folder, 'log/tile');
    const found = await readdir(tiles, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of found) {
      const file = path.join(entry.parentPath, entry.name);
      if (entry.isFile() && !kept.has(path.relative(this.folder, file))) await rm(file, { force: true });
    }
  }
}

/** Where a blob is in a backup. */
export function blobFile(digest: BlobDigest): string {
  return `blobs/sha256/${digest.slice(0, 2)}/${digest}`;
}

/** @returns undefined when the folder has none */
export async function readManifest(folder: string): Promise<string | undefined> {
  try {
    return await readFile(path.join(folder, MANIFEST), 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** The list of a backup's files, as its manifest names it. @throws BackupError `backup-damaged` */
export async function readFileList(folder: string, { id, files }: BackupManifest): Promise<FileList> {
  const list = path.join(folder, stateFolder(id), 'files.sha256');
  if ((await digestOf(list)) !== files)
    throw new BackupError(
      'backup-damaged',
      `${stateFolder(id)}/files.sha256 is missing, or is not what it was when the backup was made: back up to another folder`,
    );
  return parseFileList(await readFile(list, 'utf8'));
}
