import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Files written at a time: a disk syncs several as fast as one. */
const AT_ONCE = 16;

/**
 * Writes files so that a crash leaves each as it was or whole, and so that all are on disk once this resolves: a temporary file,
 * fsync, rename, fsync of the folder.
 * @param temporaryFor where a file is made before it is renamed, on the same disk. Always the same name by default: for a folder that one
 * process writes to, in which a crash leaves no litter
 * @throws Error of the file system: then some may have been written, of which each is whole
 */
export async function writeDurably(
  files: ReadonlyMap<string, Uint8Array | string>,
  temporaryFor: (file: string) => string = (file) => `${file}.tmp`,
): Promise<void> {
  const waiting = [...files];
  while (waiting.length > 0) {
    await Promise.all(
      waiting.splice(0, AT_ONCE).map(([file, bytes]) => writeAndRename(temporaryFor(file), file, bytes)),
    );
  }
  for (const folder of new Set([...files.keys()].map((file) => path.dirname(file)))) await syncFolder(folder);
}

async function writeAndRename(temporary: string, file: string, bytes: Uint8Array | string): Promise<void> {
  await makeFolder(path.dirname(file));
  try {
    const handle = await open(temporary, 'w', 0o644);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    // A full disk is not made fuller.
    await rm(temporary, { force: true });
    throw error;
  }
}

/** With its parents. A new folder is durable once its parent is. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.startsWith(first); made = path.dirname(made)) {
    await syncFolder(path.dirname(made));
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
