import type { ImageNode } from './image-tree.js';
import { BASIC_DIRECTORY, BASIC_FILE } from './inodes.js';
import type { MetadataPosition } from './metadata-table.js';

/** One name in a directory, and where its inode was written. */
export interface ListedChild {
  readonly name: string;
  readonly node: ImageNode;
  readonly inode: MetadataPosition;
}

const MOST_ENTRIES = 256;

/**
 * A directory's listing: runs of at most 256 entries whose inodes share a metadata block and whose numbers lie
 * within a signed 16-bit distance of the run's first; before each run a header with what they share.
 */
export function directoryListing(children: readonly ListedChild[]): Buffer {
  const runs: [ListedChild, ...ListedChild[]][] = [];
  for (const child of children) {
    const run = runs.at(-1);
    if (run !== undefined && run.length < MOST_ENTRIES && isNear(run[0], child)) run.push(child);
    else runs.push([child]);
  }
  return Buffer.concat(runs.flatMap((run) => [runHeader(run), ...run.map((child) => entry(run[0], child))]));
}

function isNear(first: ListedChild, child: ListedChild): boolean {
  return child.inode.block === first.inode.block && Math.abs(child.node.number - first.node.number) < 0x8000;
}

function runHeader(run: readonly [ListedChild, ...ListedChild[]]): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32LE(run.length - 1, 0);
  bytes.writeUInt32LE(run[0].inode.block, 4);
  bytes.writeUInt32LE(run[0].node.number, 8);
  return bytes;
}

function entry(first: ListedChild, child: ListedChild): Buffer {
  const name = Buffer.from(child.name);
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(child.inode.offset, 0);
  bytes.writeInt16LE(child.node.number - first.node.number, 2);
  bytes.writeUInt16LE(child.node.kind === 'directory' ? BASIC_DIRECTORY : BASIC_FILE, 4);
  bytes.writeUInt16LE(name.length - 1, 6);
  return Buffer.concat([bytes, name]);
}
