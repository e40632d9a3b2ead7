import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { filesOfLog, TlogError, type LogReader } from '#tlog';
import { writeDurably } from './durable-file.js';

/** Files held in memory at a time: a bundle may have 16 MiB. */
const AT_ONCE = 8;

/**
 * Copies the tiles and entry bundles of a log as it was at `size`, also from under a writer that goes on: a partial file that is gone is cut
 * from its full one. Files that are there already with the same bytes stay as they are. What was copied is to be verified by whoever asked.
 * @returns the copied files' names, as a reader of the log asks for them
 * @throws TlogError `missing-file`
 */
export async function copyLog(from: LogReader, folder: string, size: bigint): Promise<string[]> {
  const names: string[] = [];
  let waiting = new Map<string, Uint8Array>();
  for (const { name, read } of filesOfLog(from, size)) {
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
