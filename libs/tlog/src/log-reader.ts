import { decodeEntryBundle } from './entry-bundle.js';
import { HASH_SIZE } from './hashing.js';
import { entriesPath, tilePath, TILE_WIDTH } from './tile.js';

/** A log's static files, wherever they are: a folder, a web server, an archive. */
export interface LogReader {
  /** @param path below the log's prefix, such as `checkpoint` or `tile/0/000`. @returns undefined when there is no such file */
  read(path: string): Promise<Uint8Array | undefined>;
}

/** A tile's bytes. A partial one may be gone once the full one exists (tlog-tiles), which then begins with the same hashes. */
export async function readTile(
  reader: LogReader,
  level: number,
  index: bigint,
  width: number,
): Promise<Uint8Array | undefined> {
  const bytes = await reader.read(tilePath(level, index, width));
  if (bytes || width === TILE_WIDTH) return bytes;
  return (await reader.read(tilePath(level, index)))?.subarray(0, width * HASH_SIZE);
}

/** A bundle's entries, from the full bundle where the partial one is gone. @throws TlogError `malformed-bundle` */
export async function readEntries(
  reader: LogReader,
  index: bigint,
  width: number,
): Promise<Buffer[] | undefined> {
  const bytes = await reader.read(entriesPath(index, width));
  if (bytes) return decodeEntryBundle(bytes);
  const full = width === TILE_WIDTH ? undefined : await reader.read(entriesPath(index));
  return full && decodeEntryBundle(full).slice(0, width);
}
