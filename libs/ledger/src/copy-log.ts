import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  encodeEntryBundle,
  entriesPath,
  leavesPerHash,
  readEntries,
  readTile,
  tilePath,
  TILE_WIDTH,
  TlogError,
  type LogReader,
} from '#tlog';
import { writeDurably } from './durable-file.js';

/** Files held in memory at a time: a bundle may have 16 MiB. */
const AT_ONCE = 8;
const WIDTH = BigInt(TILE_WIDTH);

/**
 * Copies the tiles and entry bundles of a log as it was at `size`, also from under a writer that goes on: a partial file that is gone is cut
 * from its full one. Files that are there already with the same bytes stay as they are. What was copied is to be verified by whoever asked.
 * @returns the copied files' names, as a reader of the log asks for them
 * @throws TlogError `missing-file`
 */
export async function copyLog(from: LogReader, folder: string, size: bigint): Promise<string[]> {
  const names: string[] = [];
  let waiting = new Map<string, Uint8Array>();
  for (const { name, read } of filesOf(from, size)) {
    const bytes = await read();
    if (!bytes) throw new TlogError('missing-file', `${name} is missing`);
    names.push(name);
    const file = path.join(folder, name);
    const there = await readFile(file).catch(() => undefined);
    if (there?.equals(bytes) === true) continue;
    waiting.set(file, bytes);
    if (waiting.size < AT_ONCE) continue;
    await writeDurably(waiting);
    waiting = new Map();
  }
  await writeDurably(waiting);
  return names;
}

interface LogFile {
  readonly name: string;
  readonly read: () => Promise<Uint8Array | undefined>;
}

function* filesOf(from: LogReader, size: bigint): Iterable<LogFile> {
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
