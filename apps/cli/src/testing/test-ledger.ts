import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  CompactTree,
  encodeEntryBundle,
  entriesPath,
  formatCheckpoint,
  hashLeaf,
  noteSigner,
  signNote,
  TILE_WIDTH,
  tilePath,
} from '#tlog';

export const SIGNER = noteSigner('releases.example.test/site-a', Buffer.alloc(32, 7));

export function entry(position: number): Buffer {
  return Buffer.from(`{"event":${position}}`);
}

/** Writes a ledger of `size` entries (up to 65,535) as the projector leaves it. */
export async function writeLedger(
  folder: string,
  size: number,
  signer = SIGNER,
  entryAt = entry,
): Promise<void> {
  const entries = Array.from({ length: size }, (_, position) => entryAt(position));
  const chunks = inChunks(entries);
  for (const [i, chunk] of chunks.entries())
    await put(folder, entriesPath(BigInt(i), chunk.length), encodeEntryBundle(chunk));
  const tree = CompactTree.empty();
  for (const bytes of entries) tree.append(hashLeaf(bytes));
  const tiles = inChunks(entries.map((bytes) => hashLeaf(bytes)));
  for (const [i, tile] of tiles.entries())
    await put(folder, tilePath(0, BigInt(i), tile.length), Buffer.concat(tile));
  const roots = tiles.filter((tile) => tile.length === TILE_WIDTH).map(rootOf);
  if (roots.length > 0) await put(folder, tilePath(1, 0n, roots.length), Buffer.concat(roots));
  const text = formatCheckpoint({ origin: signer.name, size: BigInt(size), root: tree.root() });
  await put(folder, 'checkpoint', signNote(text, [signer]));
}

function rootOf(hashes: readonly Buffer[]): Buffer {
  const tree = CompactTree.empty();
  for (const hash of hashes) tree.append(hash);
  return tree.root();
}

function inChunks<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / TILE_WIDTH);
  return Array.from({ length: count }, (_, i) => items.slice(i * TILE_WIDTH, (i + 1) * TILE_WIDTH));
}

async function put(folder: string, path: string, content: Uint8Array | string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}
