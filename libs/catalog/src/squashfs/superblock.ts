import { check } from './squashfs-error.js';

export const SUPERBLOCK_SIZE = 96;

/** What a reader needs of the head of an image (Linux, fs/squashfs/squashfs_fs.h; version 4.0). Places are bytes from the beginning of the image. */
export interface Superblock {
  readonly blockSize: number;
  readonly compression: number;
  readonly rootInode: InodePlace;
  readonly inodeTable: number;
  readonly directoryTable: number;
  readonly fragmentTable: number;
  readonly fragments: number;
}

/** Where an inode begins: its metadata block, from the table's beginning, and the byte in what comes of it. */
export interface InodePlace {
  readonly block: number;
  readonly offset: number;
}

const LARGEST_BLOCK = 1024 * 1024;

/** @throws SquashfsError */
export function readSuperblock(bytes: Buffer): Superblock {
  check(bytes.length === SUPERBLOCK_SIZE && bytes.toString('latin1', 0, 4) === 'hsqs', 'it is no squashfs');
  const version = `${bytes.readUInt16LE(28)}.${bytes.readUInt16LE(30)}`;
  check(version === '4.0', `it is a squashfs of version ${version}, and 4.0 is read`);
  const blockSize = bytes.readUInt32LE(12);
  check(
    blockSize >= 4096 && blockSize <= LARGEST_BLOCK && (blockSize & (blockSize - 1)) === 0,
    'its block size is none',
  );
  return {
    blockSize,
    compression: bytes.readUInt16LE(20),
    rootInode: placeOf(bytes.readBigUInt64LE(32)),
    inodeTable: placeIn(bytes, 64),
    directoryTable: placeIn(bytes, 72),
    fragmentTable: placeIn(bytes, 80),
    fragments: bytes.readUInt32LE(16),
  };
}

function placeOf(reference: bigint): InodePlace {
  return { block: Number((reference >> 16n) & 0xffff_ffffn), offset: Number(reference & 0xffffn) };
}

/** Absent tables have all bits set: then nothing of them is there to be read. */
function placeIn(bytes: Buffer, at: number): number {
  const place = bytes.readBigUInt64LE(at);
  return place > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(place);
}
