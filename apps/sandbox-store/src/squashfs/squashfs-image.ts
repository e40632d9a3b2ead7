import { DataBlocks } from './data-blocks.js';
import { directoryListing, type ListedChild } from './directory-listing.js';
import { imageTree, type ImageEntry, type ImageNode } from './image-tree.js';
import { directoryInode, fileInode } from './inodes.js';
import { MetadataTable, type MetadataPosition } from './metadata-table.js';
import { superblock, SUPERBLOCK_SIZE } from './superblock.js';

/** Loop devices are read in pages: an image ends on a multiple of this. */
const PADDING = 4096;

/**
 * A squashfs 4.0 image of the entries: owned by root, time 0, the same bytes for the same entries. Without
 * `compress` also whatever zlib does the work; with it, equal for one version of zlib.
 * Order on disk: superblock, data, inode table, directory table, id block, id table.
 * @throws SandboxError `bad-image`
 */
export function squashfsImage(entries: readonly ImageEntry[], { compress = true } = {}): Buffer {
  const { root, count } = imageTree(entries);
  const data = new DataBlocks(SUPERBLOCK_SIZE, compress);
  const inodes = new MetadataTable(compress);
  const directories = new MetadataTable(compress);

  /** Children first: a listing names where their inodes are. @returns where the node's own inode begins */
  function write(node: ImageNode, parent: number): MetadataPosition {
    if (node.kind === 'file') return appendInode(fileInode(node, data.append(node.content)));
    const children: ListedChild[] = [];
    for (const [name, child] of node.children) {
      children.push({ name, node: child, inode: write(child, node.number) });
    }
    const listing = directoryListing(children);
    const at = directories.position();
    directories.append(listing);
    return appendInode(directoryInode(node, parent, at, listing.length));
  }
  function appendInode(inode: Buffer): MetadataPosition {
    const at = inodes.position();
    inodes.append(inode);
    return at;
  }

  const rootAt = write(root, count + 1); // the root's parent is a number that no inode has
  const parts = [data.finish(), inodes.finish(), directories.finish(), idBlock(compress)] as const;
  const inodeTable = SUPERBLOCK_SIZE + parts[0].length;
  const directoryTable = inodeTable + parts[1].length;
  const idBlockAt = directoryTable + parts[2].length;
  const idTable = idBlockAt + parts[3].length;
  const pointer = Buffer.alloc(8);
  pointer.writeBigUInt64LE(BigInt(idBlockAt));
  const bytesUsed = idTable + pointer.length;
  const head = superblock({
    inodeCount: count,
    rootInode: (BigInt(rootAt.block) << 16n) | BigInt(rootAt.offset),
    bytesUsed,
    idTable,
    inodeTable,
    directoryTable,
    compress,
  });
  return Buffer.concat([head, ...parts, pointer, Buffer.alloc((PADDING - (bytesUsed % PADDING)) % PADDING)]);
}

/** The ids that inodes refer to by index: one, root's. */
function idBlock(compress: boolean): Buffer {
  const ids = new MetadataTable(compress);
  ids.append(Buffer.alloc(4));
  return ids.finish();
}
