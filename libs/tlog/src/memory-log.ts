import { formatCheckpoint } from './checkpoint.js';
import { CompactTree } from './compact-tree.js';
import { encodeEntryBundle } from './entry-bundle.js';
import { hashLeaf } from './hashing.js';
import type { LogReader } from './log-reader.js';
import type { NoteSigner } from './note-keys.js';
import { signNote } from './note.js';
import { rangeHash } from './proof-ranges.js';
import { entriesPath, leavesPerHash, tileOf, tilePath, TILE_WIDTH } from './tile.js';

/**
 * A whole log in memory, made in the plainest way: what tests verify, and edit to see it refused. It shares no code with the ledger's
 * writer, which is why a ledger can be compared with it.
 */
export class MemoryLog implements LogReader {
  readonly files = new Map<string, Buffer>();

  constructor(entries: readonly Uint8Array[], signer: NoteSigner) {
    const size = BigInt(entries.length);
    const leaves = entries.map((entry) => hashLeaf(entry));
    for (let index = 0n, at = 0; at < entries.length; index += 1n, at += TILE_WIDTH) {
      const bundled = entries.slice(at, at + TILE_WIDTH);
      this.files.set(entriesPath(index, bundled.length), encodeEntryBundle(bundled));
    }
    for (let level = 0; leavesPerHash(level) <= size; level++) this.addTiles(level, leaves);
    const tree = CompactTree.empty();
    for (const leaf of leaves) tree.append(leaf);
    const body = formatCheckpoint({ origin: signer.name, size, root: tree.root() });
    this.files.set('checkpoint', Buffer.from(signNote(body, [signer])));
  }

  read(path: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.files.get(path));
  }

  private addTiles(level: number, leaves: readonly Buffer[]): void {
    const span = leavesPerHash(level);
    for (let index = 0n; ; index += 1n) {
      const tile = tileOf(level, index, BigInt(leaves.length));
      if (!tile) return;
      const first = index * BigInt(TILE_WIDTH);
      const hashes = Array.from({ length: tile.width }, (_, i) => {
        const from = (first + BigInt(i)) * span;
        return rangeHash(leaves, { from, to: from + span });
      });
      this.files.set(tilePath(level, index, tile.width), Buffer.concat(hashes));
    }
  }
}
