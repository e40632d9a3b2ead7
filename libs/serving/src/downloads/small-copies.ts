import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex } from '#kernel';
import type { CacheFolder, CacheSpace } from './cache-space.js';
import { ifThere } from '#platform/if-there';

const DIGEST_LENGTH = 64;

/**
 * A folder of the cache with small files, each beginning with its own digest: what was damaged, or half-written by a crash, is as good as not
 * there. Bounded by its space, and may be lost.
 */
export class SmallCopies {
  private temporaries = 0;
  private readonly path: string;

  constructor(
    root: string,
    private readonly folder: CacheFolder,
    private readonly space: CacheSpace,
  ) {
    this.path = join(root, folder);
  }

  /** Removes what a crash left half-written. */
  async sweep(): Promise<void> {
    await mkdir(this.path, { recursive: true });
    for (const name of await readdir(this.path)) {
      if (/\.\d+\.\d+$/.test(name)) await rm(join(this.path, name), { force: true });
    }
  }

  has(name: string): boolean {
    return this.space.has(join(this.path, name));
  }

  /** @param name a digest in hex @returns undefined for what is not there, or damaged @throws what the disk failed with */
  async read(name: string): Promise<Buffer | undefined> {
    const path = join(this.path, name);
    const file = await ifThere(readFile(path));
    const bytes = file?.subarray(DIGEST_LENGTH + 1);
    if (!file || !bytes || file.subarray(0, DIGEST_LENGTH).toString('latin1') !== sha256Hex(bytes)) {
      this.space.gone(path);
      return undefined;
    }
    this.space.used(path, { folder: this.folder, bytes: file.length });
    return bytes;
  }

  /** @throws what the disk failed with; a file that was there before is there still then */
  async write(name: string, bytes: Uint8Array): Promise<void> {
    await mkdir(this.path, { recursive: true });
    const path = join(this.path, name);
    const temporary = `${path}.${process.pid}.${++this.temporaries}`;
    const content = Buffer.concat([Buffer.from(`${sha256Hex(bytes)}\n`), bytes]);
    try {
      await writeFile(temporary, content, { mode: 0o640 });
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
    this.space.written(path, { folder: this.folder, bytes: content.length });
  }

  async remove(name: string): Promise<void> {
    const path = join(this.path, name);
    await rm(path, { force: true });
    this.space.gone(path);
  }
}
