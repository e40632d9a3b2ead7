import { TlogError } from './errors.js';
import { readEntries, type LogReader } from './log-reader.js';
import { entriesPath, TILE_WIDTH } from './tile.js';

const WIDTH = BigInt(TILE_WIDTH);

/**
 * A log's entries from position `from` up to `size`, a bundle at a time; the first one begins in the middle of its bundle where `from` does.
 * @throws TlogError `missing-file`, `malformed-bundle`, with the bundle's first position
 */
export async function* bundlesFrom(reader: LogReader, from: bigint, size: bigint): AsyncGenerator<Buffer[]> {
  if (from >= size) return;
  for (let first = (from / WIDTH) * WIDTH; first < size; first += WIDTH) {
    const width = size - first < WIDTH ? Number(size - first) : TILE_WIDTH;
    const path = entriesPath(first / WIDTH, width);
    const bundled = await readEntries(reader, first / WIDTH, width);
    if (!bundled) throw new TlogError('missing-file', `${path} is missing`, first);
    if (bundled.length !== width) {
      throw new TlogError('malformed-bundle', `${path} has ${bundled.length} entries, not ${width}`, first);
    }
    yield first < from ? bundled.slice(Number(from - first)) : bundled;
  }
}
