import { encodeEntryBundle } from './entry-bundle.js';
import { readEntries, readTile, type LogReader } from './log-reader.js';
import { entriesPath, leavesPerHash, tilePath, TILE_WIDTH } from './tile.js';

const WIDTH = BigInt(TILE_WIDTH);

/** A file of a log, by its name below the log's prefix. */
export interface LogFile {
  readonly name: string;
  /** @returns undefined when it is missing */
  readonly read: () => Promise<Uint8Array | undefined>;
}

/**
 * The entry bundles and tiles of a log as it was at `size`, also from under a writer that goes on: a partial file that is gone is cut from its full one.
 */
export function* filesOfLog(from: LogReader, size: bigint): Iterable<LogFile> {
  for (const { index, width } of groups(size)) {
    const read = async (): Promise<Uint8Array | undefined> => {
      const entries = await readEntries(from, index, width);
      return entries && encodeEntryBundle(entries);
    };
    yield { name: entriesPath(index, width), read };
  }
  for (let level = 0; leavesPerHash(level) <= size; level++) {
    for (const { index, width } of groups(size / leavesPerHash(level))) {
      yield { name: tilePath(level, index, width), read: () => readTile(from, level, index, width) };
    }
  }
}

function* groups(count: bigint): Iterable<{ readonly index: bigint; readonly width: number }> {
  for (let index = 0n; index < count / WIDTH; index += 1n) yield { index, width: TILE_WIDTH };
  if (count % WIDTH > 0n) yield { index: count / WIDTH, width: Number(count % WIDTH) };
}
