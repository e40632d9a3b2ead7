import { CompactTree } from './compact-tree.js';
import { TlogError } from './errors.js';
import { readTile, type LogReader } from './log-reader.js';
import { leavesPerHash, splitTile, TILE_WIDTH, tilePath } from './tile.js';

/**
 * Builds every tile again from the leaves and compares it with the stored one. Re-deriving the root alone would miss an edited tile,
 * which others read proofs from. Differences are kept until the root is known: it decides whether the tile or the entry is the wrong one.
 */
export class TileAuditor {
  private readonly levels: { hashes: Buffer[]; full: bigint }[] = [];
  /** The first difference met, and on the lowest level: that names an entry exactly. */
  difference: TlogError | undefined;
  private differenceLevel = Number.POSITIVE_INFINITY;

  constructor(private readonly reader: LogReader) {}

  /** One hash of a tile at `level`; levels above are fed as tiles fill. */
  async add(hash: Buffer, level = 0): Promise<void> {
    const tile = (this.levels[level] ??= { hashes: [], full: 0n });
    tile.hashes.push(hash);
    if (tile.hashes.length < TILE_WIDTH) return;
    const { hashes, full } = tile;
    this.levels[level] = { hashes: [], full: full + 1n };
    await this.compare(level, full, hashes);
    const subtree = CompactTree.empty();
    for (const each of hashes) subtree.append(each);
    await this.add(subtree.root(), level + 1);
  }

  /** The partial tiles at the right edge. */
  async finish(): Promise<void> {
    for (const [level, { hashes, full }] of this.levels.entries()) {
      if (hashes.length > 0) await this.compare(level, full, hashes);
    }
  }

  private async compare(level: number, index: bigint, hashes: readonly Buffer[]): Promise<void> {
    const path = tilePath(level, index, hashes.length);
    const first = index * BigInt(TILE_WIDTH) * leavesPerHash(level);
    try {
      const bytes = await readTile(this.reader, level, index, hashes.length);
      if (!bytes) throw new TlogError('missing-file', `${path} is missing`, first);
      const stored = splitTile(bytes, hashes.length, path);
      const differing = hashes.findIndex((hash, i) => stored[i]?.equals(hash) !== true);
      if (differing < 0) return;
      const position = first + BigInt(differing) * leavesPerHash(level);
      throw new TlogError(
        'tile-differs',
        `${path} does not hold the hash of what begins at entry ${position}`,
        position,
      );
    } catch (error) {
      if (!(error instanceof TlogError)) throw error;
      if (level < this.differenceLevel) [this.difference, this.differenceLevel] = [error, level];
    }
  }
}
