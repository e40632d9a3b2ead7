import path from 'node:path';
import { hashFile } from '#blob-store/filesystem/hash-file';
import { BackupError } from './errors.js';

/** Digests of files by their path in the backup, with slashes. */
export type FileList = ReadonlyMap<string, string>;

/** As `sha256sum` writes it, so that `sha256sum --check` verifies a backup's files as well. Sorted: the same files give the same bytes. */
export function formatFileList(files: FileList): string {
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, digest]) => `${digest}  ${name}\n`)
    .join('');
}

/** @throws BackupError `backup-damaged`, also for a path that could lead out of the backup */
export function parseFileList(text: string): FileList {
  const files = new Map<string, string>();
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new BackupError('backup-damaged', 'the list of files is cut off');
  for (const line of lines) {
    const [, digest, name] = /^([0-9a-f]{64}) {2}([a-z0-9.-]+(?:\/[a-z0-9.-]+)*)$/.exec(line) ?? [];
    if (digest === undefined || name === undefined || name.split('/').includes('..'))
      throw new BackupError(
        'backup-damaged',
        `the list of files has a line that is none: ${JSON.stringify(line.slice(0, 200))}`,
      );
    files.set(name, digest);
  }
  return files;
}

/** @throws BackupError `backup-damaged`, naming the first file that is missing or is another one */
export async function checkFiles(folder: string, files: FileList): Promise<void> {
  for (const [name, digest] of files) {
    const found = await digestOf(path.join(folder, name));
    if (found === digest) continue;
    throw new BackupError(
      'backup-damaged',
      found === undefined
        ? `the backup lacks its file ${name}: ${mendFor(name, undefined)}`
        : `the backup's file ${name} is not what it was when the backup was made: ${mendFor(name, path.join(folder, name))}`,
    );
  }
}

/** The next backup writes tiles and bundles anew that differ; a blob that is there is not read again. */
function mendFor(name: string, there: string | undefined): string {
  if (name.startsWith('state/')) return 'back up to another folder';
  if (there !== undefined && name.startsWith('blobs/')) return `remove ${there} and back up again`;
  return 'back up again';
}

/** SHA-256 as hex; undefined when there is no such file. */
export async function digestOf(file: string): Promise<string | undefined> {
  try {
    return await hashFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}
