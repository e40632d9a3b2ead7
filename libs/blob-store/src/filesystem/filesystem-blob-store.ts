import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobHasher } from '../blob-hasher.js';
import type { BlobFacts, BlobStore, ExpectedBlob } from '../port.js';
import { BlobLayout } from './blob-layout.js';
import { onDisk } from './file-system-errors.js';
import { FilesystemScrubbedBlobs } from './filesystem-scrubbed-blobs.js';
import { sweepTemporary, verifyRecent, type BlobRecovery } from './recovery.js';
import { syncFolder } from './sync-folder.js';

/**
 * Blobs in a folder. Content goes to a temporary file, is synced, and only then gets its name: a crash leaves a temporary
 * file or the whole blob. One process at a time writes to a folder; any number may read it (`FilesystemBlobReader`).
 */
export class FilesystemBlobStore extends FilesystemScrubbedBlobs implements BlobStore {
  private constructor(
    folder: string,
    /** What opening it found. Quarantined blobs are to be reported, and fetched again. */
    readonly recovery: BlobRecovery,
  ) {
    super(folder);
  }

  /**
   * Opens a folder for writing, making it when there is none. After an unclean stop, what was written last is read again first.
   * @throws BlobStoreError `unavailable`
   */
  static async open(folder: string): Promise<FilesystemBlobStore> {
    const layout = new BlobLayout(folder);
    const recovery = await onDisk(`open the blob folder ${folder}`, () => recover(layout));
    return new FilesystemBlobStore(folder, recovery);
  }

  async put(content: AsyncIterable<Uint8Array>, expected?: ExpectedBlob): Promise<BlobFacts> {
    const path = join(this.layout.temporary, randomUUID());
    try {
      const facts = await this.write(path, content, new BlobHasher(expected));
      await onDisk(`keep blob ${facts.sha256}`, () => this.publish(path, facts));
      return facts;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  /** Says that nothing is being written any more: the next `open` has nothing to verify. */
  async close(): Promise<void> {
    await onDisk('close the blob folder', async () => {
      await rm(this.layout.marker, { force: true });
      await syncFolder(this.layout.folder);
    });
  }

  private async write(
    path: string,
    content: AsyncIterable<Uint8Array>,
    hasher: BlobHasher,
  ): Promise<BlobFacts> {
    const file = await onDisk('open a temporary file', () => open(path, 'wx', 0o640));
    try {
      for await (const chunk of content) {
        hasher.update(chunk);
        await onDisk('write a blob', () => writeWhole(file, chunk));
      }
      const facts = hasher.finish();
      await onDisk('flush a blob', () => file.sync());
      return facts;
    } finally {
      await file.close();
    }
  }

  /** Replaces a blob of the same name: its content is the same, or was damaged. */
  private async publish(path: string, facts: BlobFacts): Promise<void> {
    const shard = this.layout.shard(facts.sha256);
    const made = await mkdir(shard, { recursive: true });
    if (made !== undefined) await syncFolder(this.layout.blobs);
    await rename(path, this.layout.blob(facts.sha256));
    await syncFolder(shard);
  }
}

const NOTHING_READ = { verified: 0, quarantined: [], unreadable: [] };

async function recover(layout: BlobLayout): Promise<BlobRecovery> {
  await mkdir(layout.blobs, { recursive: true });
  await mkdir(layout.temporary, { recursive: true });
  const afterUncleanStop = !(await mark(layout));
  const swept = await sweepTemporary(layout);
  const checked = afterUncleanStop ? await verifyRecent(layout) : NOTHING_READ;
  return { afterUncleanStop, swept, ...checked };
}

/** @returns false when the marker of an earlier writer is still there */
async function mark(layout: BlobLayout): Promise<boolean> {
  try {
    await writeFile(layout.marker, '', { flag: 'wx', flush: true });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  await syncFolder(layout.folder);
  return true;
}

async function writeWhole(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length;) {
    written += (await file.write(chunk, written)).bytesWritten;
  }
}
