import { randomBytes } from 'node:crypto';
import { chown, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '#blob-store/filesystem/sync-folder';

/** A file that is written, synced and not in its place yet. */
export interface StagedFile {
  /** Nobody sees half of it, and a crash leaves the old one or this one. */
  put(): Promise<void>;
  /** When it is not to be put after all. */
  drop(): Promise<void>;
}

/** @param mode 0o600 for what has a key in it @param like whose account it is to belong to: a folder of the servers' account, when root runs this */
export async function stageFile(file: string, text: string, mode: number, like: string): Promise<StagedFile> {
  // A dot file: backups, and whoever lists keys, pass over it.
  const unfinished = path.join(
    path.dirname(file),
    `.${path.basename(file)}.${randomBytes(6).toString('hex')}`,
  );
  const drop = () => rm(unfinished, { force: true });
  try {
    const handle = await open(unfinished, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const { uid, gid } = await stat(like);
    if (process.getuid?.() === 0) await chown(unfinished, uid, gid);
  } catch (error) {
    await drop();
    throw error;
  }
  return {
    put: async () => {
      await rename(unfinished, file);
      await syncFolder(path.dirname(file));
    },
    drop,
  };
}
