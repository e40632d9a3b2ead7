import {
  CompactTree,
  encodeEntryBundle,
  entriesPath,
  hashLeaf,
  leavesPerHash,
  tilePath,
  TILE_WIDTH,
} from '#tlog';
import type { FullTiles } from './full-tiles.js';

/** The tile at the right edge of a level. */
export interface EdgeTile {
  /** Its index: so many full tiles stand before it. */
  readonly index: bigint;
  /** At most 255. */
  readonly hashes: Buffer[];
}

export interface LogEdge {
  readonly tree: CompactTree;
  readonly levels: EdgeTile[];
  /** Entries of the last, partial bundle. */
  readonly bundle: Buffer[];
}

const WIDTH = BigInt(TILE_WIDTH);

/** A log as it grows: its right edge in memory, its full tiles on disk, and between them the files that are still to be written. */
export class GrowingLog {
  private readonly unwritten = new Map<string, Buffer[]>();
  private readonly bundles = new Map<string, Buffer>();

  constructor(
    private readonly edge: LogEdge,
    private readonly full: FullTiles,
  ) {}

  get size(): bigint {
    return this.edge.tree.size;
  }

  append(entry: Uint8Array): void {
    // A copy: the caller's buffer may be part of a larger one that would be kept alive, or reused.
    const { bundle, tree } = this.edge;
    const index = this.size / WIDTH;
    bundle.push(Buffer.from(entry));
    if (bundle.length === TILE_WIDTH)
      this.bundles.set(entriesPath(index), encodeEntryBundle(bundle.splice(0)));
    const hash = hashLeaf(entry);
    tree.append(hash);
    this.addToLevel(0, hash);
  }

  leafHash(position: bigint): Buffer | undefined {
    return position < this.size ? this.hashes(0, position / WIDTH)[Number(position % WIDTH)] : undefined;
  }

  /** The root over the first `size` entries. @throws LedgerError `ledger-damaged` */
  rootOf(size: bigint): Buffer {
    if (size > this.size) throw new RangeError(`the ledger has ${this.size} entries, not ${size}`);
    if (size === this.size) return this.edge.tree.root();
    const tree = CompactTree.empty();
    for (let level = this.edge.levels.length - 1; level >= 0; level--) {
      const span = leavesPerHash(level);
      const count = size / span;
      const width = Number(count % WIDTH);
      if (width === 0) continue;
      for (const hash of this.hashes(level, count / WIDTH).slice(0, width)) tree.appendSubtree(hash, span);
    }
    return tree.root();
  }

  /** What a reader of the present size needs and is not on disk yet, by path. */
  files(): Map<string, Buffer> {
    const files = new Map(this.bundles);
    for (const [path, hashes] of this.unwritten) files.set(path, Buffer.concat(hashes));
    for (const [level, { index, hashes }] of this.edge.levels.entries()) {
      if (hashes.length > 0) files.set(tilePath(level, index, hashes.length), Buffer.concat(hashes));
    }
    const { bundle } = this.edge;
    if (bundle.length > 0)
      files.set(entriesPath(this.size / WIDTH, bundle.length), encodeEntryBundle(bundle));
    return files;
  }

  /** What {@link files} gave is on disk. @returns the full tiles and bundles among it: their partial ones may go */
  written(): string[] {
    const full = [...this.unwritten.keys(), ...this.bundles.keys()];
    this.unwritten.clear();
    this.bundles.clear();
    return full;
  }

  private hashes(level: number, index: bigint): readonly Buffer[] {
    const edge = this.edge.levels[level];
    if (edge?.index === index) return edge.hashes;
    return this.unwritten.get(tilePath(level, index)) ?? this.full.hashes(level, index);
  }

  private addToLevel(level: number, hash: Buffer): void {
    const tile = (this.edge.levels[level] ??= { index: 0n, hashes: [] });
    tile.hashes.push(hash);
    if (tile.hashes.length < TILE_WIDTH) return;
    this.unwritten.set(tilePath(level, tile.index), tile.hashes);
    this.edge.levels[level] = { index: tile.index + 1n, hashes: [] };
    const subtree = CompactTree.empty();
    for (const each of tile.hashes) subtree.append(each);
    this.addToLevel(level + 1, subtree.root());
  }
}
