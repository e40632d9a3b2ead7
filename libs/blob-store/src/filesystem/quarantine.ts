import { link, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobDigest } from '../port.js';
import type { BlobLayout } from './blob-layout.js';
import { isMissing } from './file-system-errors.js';
import { hashFile } from './hash-file.js';
import { syncFolder } from './sync-folder.js';

/**
 * Moves a damaged blob out of sight. The writer, another process maybe, may have put it again since it was found damaged: what was
 * moved is read once more, and a whole one goes back.
 * @returns whether a damaged one was moved; false when it is whole or gone @throws the file system's own errors
 */
export async function quarantine(layout: BlobLayout, digest: BlobDigest): Promise<boolean> {
  await mkdir(layout.quarantine, { recursive: true });
  const moved = join(layout.quarantine, digest);
  try {
    await rename(layout.blob(digest), moved);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  await syncFolder(layout.quarantine);
  await syncFolder(layout.shard(digest));
  if ((await hashFile(moved)) !== digest) return true;
  await putBack(layout, digest, moved);
  return false;
}

/** A crash before this is done loses a whole blob to the quarantine, and the next capture brings it again. */
async function putBack(layout: BlobLayout, digest: BlobDigest, moved: string): Promise<void> {
  // Not over one that was put in the meantime: it is newer, and as good.
  await link(moved, layout.blob(digest)).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  await rm(moved);
  await syncFolder(layout.shard(digest));
}
