import { TlogError } from './errors.js';
import { HASH_SIZE } from './hashing.js';

/** C2SP tlog-tiles v0.1.0: hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256;
/** log2 of {@link TILE_WIDTH}: a hash at tile level n stands for 256^n entries. */
const TILE_HEIGHT = 8n;

/**
 * Where a tile is, under the log's prefix: `tile/<level>/<index>[.p/<width>]`.
 * @param width 1 to 256 hashes; 256 is a full tile
 */
export function tilePath(level: number, index: bigint, width: number = TILE_WIDTH): string {
  return `tile/${level}/${indexPath(index, width)}`;
}

/** Where a bundle of entries is: `tile/entries/<index>[.p/<width>]`. */
export function entriesPath(index: bigint, width: number = TILE_WIDTH): string {
  return `tile/entries/${indexPath(index, width)}`;
}

/** Entries below one hash of a tile at `level`. */
export function leavesPerHash(level: number): bigint {
  return 1n << (TILE_HEIGHT * BigInt(level));
}

export interface TileAddress {
  readonly level: number;
  readonly index: bigint;
  readonly width: number;
}

/** The tile at `level`, `index` as a tree of `size` entries has it; undefined where it has no hash. */
export function tileOf(level: number, index: bigint, size: bigint): TileAddress | undefined {
  const hashes = size / leavesPerHash(level) - index * BigInt(TILE_WIDTH);
  if (hashes <= 0n) return undefined;
  return { level, index, width: hashes < BigInt(TILE_WIDTH) ? Number(hashes) : TILE_WIDTH };
}

/** The hashes of a tile. @throws TlogError `tile-differs` when it hasn't exactly `width` of them */
export function splitTile(bytes: Uint8Array, width: number, path: string): Buffer[] {
  if (bytes.length !== width * HASH_SIZE) {
    throw new TlogError('tile-differs', `${path} has ${bytes.length} bytes, not ${width * HASH_SIZE}`);
  }
  return Array.from({ length: width }, (_, i) =>
    Buffer.from(bytes.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE)),
  );
}

/** Groups of three digits, all but the last marked with x: 1234067 is x001/x234/067. */
function indexPath(index: bigint, width: number): string {
  if (index < 0n || width < 1 || width > TILE_WIDTH)
    throw new RangeError(`no tile ${index} of width ${width}`);
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/.{3}/g) ?? [];
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return width === TILE_WIDTH ? path : `${path}.p/${width}`;
}
