import { TlogError } from './errors.js';
import { TILE_WIDTH } from './tile.js';

/** An entry's length is given in two bytes. */
export const MAX_ENTRY_SIZE = 0xff_ff;

/** Bytes of the largest file of a log: a full bundle of the largest entries, each behind its length. */
export const MAX_BUNDLE_SIZE = TILE_WIDTH * (2 + MAX_ENTRY_SIZE);

/** C2SP tlog-tiles: each entry behind its length, two bytes, big endian. @throws RangeError for an entry of more than 65,535 bytes */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat(entries.flatMap((entry) => [lengthOf(entry), entry]));
}

/** @throws TlogError `malformed-bundle` when the lengths do not add up */
export function decodeEntryBundle(bytes: Uint8Array): Buffer[] {
  const bundle = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Buffer[] = [];
  for (let at = 0; at < bundle.length;) {
    // Empty entries take two bytes in the file and a hundred in memory.
    if (entries.length === TILE_WIDTH)
      throw new TlogError('malformed-bundle', `a bundle has more than ${TILE_WIDTH} entries`);
    const end = at + 2 <= bundle.length ? at + 2 + bundle.readUInt16BE(at) : Number.POSITIVE_INFINITY;
    if (end > bundle.length)
      throw new TlogError('malformed-bundle', `a bundle ends within its entry ${entries.length}`);
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

function lengthOf(entry: Uint8Array): Buffer {
  if (entry.length > MAX_ENTRY_SIZE)
    throw new RangeError(`an entry of ${entry.length} bytes; at most ${MAX_ENTRY_SIZE} fit`);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(entry.length);
  return length;
}
