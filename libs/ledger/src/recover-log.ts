import path from 'node:path';
import {
  CompactTree,
  decodeEntryBundle,
  entriesPath,
  hashLeaf,
  leavesPerHash,
  splitTile,
  tilePath,
  TILE_WIDTH,
  type Checkpoint,
} from '#tlog';
import { LedgerError } from './errors.js';
import { readIfThere } from './filesystem-log-reader.js';
import { FullTiles } from './full-tiles.js';
import { GrowingLog, type EdgeTile } from './growing-log.js';

const WIDTH = BigInt(TILE_WIDTH);

/**
 * The log as it was when `checkpoint` was signed, read from its right edge: one tile a level, one bundle. Files that a crash left beyond
 * it are not looked at; they are written again, with the same bytes, once their events come again.
 * @throws LedgerError `ledger-damaged` when the files do not lead to the checkpoint's root
 */
export function recoverLog(folder: string, { size, root }: Checkpoint): GrowingLog {
  const levels: EdgeTile[] = [];
  for (let level = 0; leavesPerHash(level) <= size; level++) {
    const count = size / leavesPerHash(level);
    const width = Number(count % WIDTH);
    levels.push({ index: count / WIDTH, hashes: readTile(folder, level, count / WIDTH, width) });
  }
  const tree = CompactTree.empty();
  for (const [level, { hashes }] of [...levels.entries()].reverse()) {
    for (const hash of hashes) tree.appendSubtree(hash, leavesPerHash(level));
  }
  if (!tree.root().equals(root))
    throw damaged(`the tiles do not lead to the signed root of its ${size} entries`);
  const bundle = readBundle(folder, size);
  for (const [i, entry] of bundle.entries()) {
    if (levels[0]?.hashes[i]?.equals(hashLeaf(entry)) !== true) {
      const position = (size / WIDTH) * WIDTH + BigInt(i);
      throw damaged(`entry ${position} is not the one that was sealed`, position);
    }
  }
  return new GrowingLog({ tree, levels, bundle }, new FullTiles(folder));
}

function readTile(folder: string, level: number, index: bigint, width: number): Buffer[] {
  if (width === 0) return [];
  const name = tilePath(level, index, width);
  return readOrRefuse(folder, name, (bytes) => splitTile(bytes, width, name));
}

function readBundle(folder: string, size: bigint): Buffer[] {
  const width = Number(size % WIDTH);
  if (width === 0) return [];
  const name = entriesPath(size / WIDTH, width);
  const bundle = readOrRefuse(folder, name, decodeEntryBundle);
  if (bundle.length !== width) throw damaged(`${name} has ${bundle.length} entries`);
  return bundle;
}

function readOrRefuse<Content>(folder: string, name: string, decode: (bytes: Buffer) => Content): Content {
  const bytes = readIfThere(path.join(folder, name));
  if (!bytes) throw damaged(`${name} is missing`);
  try {
    return decode(bytes);
  } catch (cause) {
    throw new LedgerError('ledger-damaged', `the ledger's ${name} cannot be read`, undefined, { cause });
  }
}

function damaged(why: string, position?: bigint): LedgerError {
  return new LedgerError(
    'ledger-damaged',
    `the ledger is damaged: ${why}. Bring its folder back from a copy; nothing is signed until then`,
    position,
  );
}
