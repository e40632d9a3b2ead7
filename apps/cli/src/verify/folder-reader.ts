import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogReader } from '#tlog';

/** A ledger as it lies in a folder: the projector's, a copy, an unpacked archive. Counts what it read, for the report. */
export class FolderReader implements LogReader {
  tiles = 0;

  constructor(private readonly folder: string) {}

  async read(path: string): Promise<Uint8Array | undefined> {
    try {
      const bytes = await readFile(join(this.folder, path));
      if (path.startsWith('tile/') && !path.startsWith('tile/entries/')) this.tiles += 1;
      return bytes;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}
