import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { BlobHasher } from '../blob-hasher.js';
import type { BlobFacts, ExpectedBlob } from '../port.js';
import { onDisk } from '../filesystem/file-system-errors.js';

/** A content that is whole, verified, and on disk for as long as it is being sent. */
export interface Spooled {
  readonly facts: BlobFacts;
  /** Bytes `start` to `end`, the latter not included. */
  slice(start: number, end: number): Promise<Buffer>;
}

/**
 * Where a content is before it is sent: its key is its digest, which nobody knows before its end, and what isn't what was expected
 * must never reach the bucket. Files in it belong to one process and are worth nothing to the next.
 */
export class Spool {
  private constructor(private readonly folder: string) {}

  /** @returns with how many files a crash had left, removed @throws BlobStoreError `unavailable` */
  static async open(folder: string): Promise<{ readonly spool: Spool; readonly swept: number }> {
    return onDisk(`open the spool ${folder}`, async () => {
      await mkdir(folder, { recursive: true });
      const left = (await readdir(folder)).filter((name) => name.endsWith('.spooled'));
      for (const name of left) await rm(join(folder, name), { force: true });
      return { spool: new Spool(folder), swept: left.length };
    });
  }

  /** @throws BlobStoreError `digest-mismatch`, `size-mismatch`, `unavailable`; what the content or `use` throws */
  async hold<Result>(
    content: AsyncIterable<Uint8Array>,
    expected: ExpectedBlob | undefined,
    use: (spooled: Spooled) => Promise<Result>,
  ): Promise<Result> {
    const path = join(this.folder, `${randomUUID()}.spooled`);
    const file = await onDisk(`open a file in ${this.folder}`, () => open(path, 'wx+', 0o600));
    try {
      const facts = await write(file, content, new BlobHasher(expected));
      return await use({
        facts,
        slice: (start, end) => onDisk(`read ${path}`, () => read(file, start, end)),
      });
    } finally {
      await file.close();
      await rm(path, { force: true });
    }
  }
}

async function write(
  file: FileHandle,
  content: AsyncIterable<Uint8Array>,
  hasher: BlobHasher,
): Promise<BlobFacts> {
  for await (const chunk of content) {
    hasher.update(chunk);
    await onDisk('write to the spool', () => file.appendFile(chunk));
  }
  return hasher.finish();
}

async function read(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.alloc(end - start);
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
    if (bytesRead === 0) throw new Error(`it ended at byte ${start + done}`);
    done += bytesRead;
  }
  return bytes;
}
