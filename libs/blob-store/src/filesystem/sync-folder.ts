import { open } from 'node:fs/promises';

/** Makes the folder's entries durable: without it a crash may forget a rename whose file was synced (fsync(2), notes). */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
