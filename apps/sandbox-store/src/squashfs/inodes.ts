import type { StoredFile } from './data-blocks.js';
import type { DirectoryNode, FileNode, ImageNode } from './image-tree.js';
import type { MetadataPosition } from './metadata-table.js';

const NO_INDEX = 0xffff_ffff;

/** The types of inode that we write; a directory's entry always names the basic one. */
export const BASIC_DIRECTORY = 1;
export const BASIC_FILE = 2;
const EXTENDED_DIRECTORY = 8;

/** Readers count `.` and `..` into a directory's size, as three bytes. */
const SELF_AND_PARENT = 3;

/** Type, permissions, owner and group (index 0 of the id table: root), time 0, number: 16 bytes. */
function header(type: number, node: ImageNode): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(type, 0);
  bytes.writeUInt16LE(node.mode & 0o7777, 2);
  bytes.writeUInt32LE(node.number, 12);
  return bytes;
}

/** A basic file's inode: first block, no fragment, length, the size of each block. Files of 4 GiB and more don't fit. */
export function fileInode(node: FileNode, stored: StoredFile): Buffer {
  const bytes = Buffer.alloc(16 + 4 * stored.sizes.length);
  bytes.writeUInt32LE(stored.start, 0);
  bytes.writeUInt32LE(NO_INDEX, 4);
  bytes.writeUInt32LE(node.content.length, 12);
  stored.sizes.forEach((size, index) => bytes.writeUInt32LE(size, 16 + 4 * index));
  return Buffer.concat([header(BASIC_FILE, node), bytes]);
}

/** A directory's inode: where its listing begins and how long it is. Long listings take the extended form, unindexed. */
export function directoryInode(
  node: DirectoryNode,
  parent: number,
  listing: MetadataPosition,
  listed: number,
): Buffer {
  const links = 2 + [...node.children.values()].filter((child) => child.kind === 'directory').length;
  const size = listed + SELF_AND_PARENT;
  if (size <= 0xffff) {
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32LE(listing.block, 0);
    bytes.writeUInt32LE(links, 4);
    bytes.writeUInt16LE(size, 8);
    bytes.writeUInt16LE(listing.offset, 10);
    bytes.writeUInt32LE(parent, 12);
    return Buffer.concat([header(BASIC_DIRECTORY, node), bytes]);
  }
  const bytes = Buffer.alloc(24);
  bytes.writeUInt32LE(links, 0);
  bytes.writeUInt32LE(size, 4);
  bytes.writeUInt32LE(listing.block, 8);
  bytes.writeUInt32LE(parent, 12);
  bytes.writeUInt16LE(0, 16); // no index: a reader walks the listing
  bytes.writeUInt16LE(listing.offset, 18);
  bytes.writeUInt32LE(NO_INDEX, 20); // no extended attributes
  return Buffer.concat([header(EXTENDED_DIRECTORY, node), bytes]);
}
