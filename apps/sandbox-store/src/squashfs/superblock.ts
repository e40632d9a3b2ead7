import { BLOCK_SIZE } from './data-blocks.js';

export const SUPERBLOCK_SIZE = 96;

const MAGIC = 0x7371_7368; // "hsqs" on disk
const ZLIB = 1;
const ABSENT = 0xffff_ffff_ffff_ffffn;
const Flag = {
  inodesPlain: 0x0001,
  dataPlain: 0x0002,
  noFragments: 0x0010,
  noXattrs: 0x0200,
  idsPlain: 0x0800,
} as const;

/** Where the tables lie (bytes from the image's start) and what they hold. */
export interface ImageLayout {
  readonly inodeCount: number;
  /** (metadata block's start in the inode table) << 16 | offset in it. */
  readonly rootInode: bigint;
  /** The image's length without padding: exactly where the id table ends, or Linux refuses the mount. */
  readonly bytesUsed: number;
  readonly idTable: number;
  readonly inodeTable: number;
  readonly directoryTable: number;
  readonly compress: boolean;
}

/** The 96 bytes at the image's start: squashfs 4.0, zlib, one id, no fragments, export table or extended attributes. */
export function superblock(layout: ImageLayout): Buffer {
  const plain = layout.compress ? 0 : Flag.inodesPlain | Flag.dataPlain | Flag.idsPlain;
  const bytes = Buffer.alloc(SUPERBLOCK_SIZE);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(layout.inodeCount, 4);
  bytes.writeUInt32LE(0, 8); // made at time 0, so that equal content is equal bytes
  bytes.writeUInt32LE(BLOCK_SIZE, 12);
  bytes.writeUInt32LE(0, 16); // fragments
  bytes.writeUInt16LE(ZLIB, 20);
  bytes.writeUInt16LE(Math.log2(BLOCK_SIZE), 22);
  bytes.writeUInt16LE(Flag.noFragments | Flag.noXattrs | plain, 24);
  bytes.writeUInt16LE(1, 26); // ids
  bytes.writeUInt16LE(4, 28);
  bytes.writeUInt16LE(0, 30);
  bytes.writeBigUInt64LE(layout.rootInode, 32);
  bytes.writeBigUInt64LE(BigInt(layout.bytesUsed), 40);
  bytes.writeBigUInt64LE(BigInt(layout.idTable), 48);
  bytes.writeBigUInt64LE(ABSENT, 56); // extended attributes
  bytes.writeBigUInt64LE(BigInt(layout.inodeTable), 64);
  bytes.writeBigUInt64LE(BigInt(layout.directoryTable), 72);
  bytes.writeBigUInt64LE(ABSENT, 80); // fragment table
  bytes.writeBigUInt64LE(ABSENT, 88); // export table
  return bytes;
}
