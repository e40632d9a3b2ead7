import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isBlobDigest, type BlobDigest } from '../port.js';
import { systemCode } from './file-system-errors.js';
import type { BlobLayout } from './blob-layout.js';
import { hashFile } from './hash-file.js';
import { quarantine } from './quarantine.js';

/** What was found and done when a folder was opened for writing. */
export interface BlobRecovery {
  /** Whether the last writer went away without closing the folder. */
  readonly afterUncleanStop: boolean;
  /** Temporary files that a crash had left, removed. */
  readonly swept: number;
  /** Blobs that were read again. */
  readonly verified: number;
  /** Blobs that weren't what their names say: moved to `quarantine/`, to be fetched again. */
  readonly quarantined: readonly BlobDigest[];
  /** Blobs that could not be read, a bad sector maybe, or no disk at all: left where they are. One of them stops no start. */
  readonly unreadable: readonly UnreadableBlob[];
}

export interface UnreadableBlob {
  readonly digest: BlobDigest;
  /** What the system says: `EIO`. */
  readonly code: string;
}

/**
 * A blob is synced before it gets its name, so only a disk that lies about flushing loses one, and only what it had not
 * written yet: what came in this long before the newest blob is read again, in milliseconds.
 */
const RECENT = 60 * 60 * 1000;

/** A temporary file belongs to a `put` that never resolved: nobody was told that its content is kept. */
export async function sweepTemporary(layout: BlobLayout): Promise<number> {
  const left = await readdir(layout.temporary);
  for (const name of left) await rm(join(layout.temporary, name), { force: true });
  return left.length;
}

export async function verifyRecent(
  layout: BlobLayout,
): Promise<Pick<BlobRecovery, 'verified' | 'quarantined' | 'unreadable'>> {
  const { blobs, unreadable } = await listBlobs(layout);
  const newest = blobs.reduce((latest, blob) => Math.max(latest, blob.writtenAt), 0);
  const recent = blobs.filter((blob) => blob.writtenAt >= newest - RECENT);
  const quarantined: BlobDigest[] = [];
  let verified = 0;
  for (const { digest } of recent) {
    let found: string;
    try {
      found = await hashFile(layout.blob(digest));
    } catch (error) {
      unreadable.push({ digest, code: systemCode(error) });
      continue;
    }
    verified++;
    // One that can't be moved is the folder's fault: nothing could be put either.
    if (found !== digest && (await quarantine(layout, digest))) quarantined.push(digest);
  }
  return { verified, quarantined, unreadable };
}

async function listBlobs(layout: BlobLayout): Promise<{
  readonly blobs: { digest: BlobDigest; writtenAt: number }[];
  readonly unreadable: UnreadableBlob[];
}> {
  const blobs: { digest: BlobDigest; writtenAt: number }[] = [];
  const unreadable: UnreadableBlob[] = [];
  for (const shard of await readdir(layout.blobs)) {
    for (const digest of await readdir(join(layout.blobs, shard))) {
      if (!isBlobDigest(digest) || !digest.startsWith(shard)) continue;
      try {
        blobs.push({ digest, writtenAt: (await stat(layout.blob(digest))).mtimeMs });
      } catch (error) {
        unreadable.push({ digest, code: systemCode(error) });
      }
    }
  }
  return { blobs, unreadable };
}
