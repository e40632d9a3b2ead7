import type { MetadataReader } from './metadata.js';
import type { InodePlace } from './superblock.js';
import { check } from './squashfs-error.js';

export interface DirectoryInode {
  readonly kind: 'directory';
  /** Where its listing begins in the table of directories. */
  readonly listing: InodePlace;
  /** Bytes of the listing. */
  readonly size: number;
}

export interface FileInode {
  readonly kind: 'file';
  /** Where its first block begins, bytes from the image's beginning. */
  readonly start: number;
  readonly size: number;
  /** In which fragment its end is, and from which byte on; undefined where it has blocks alone. */
  readonly fragment: { readonly index: number; readonly offset: number } | undefined;
  /** Its blocks' lengths follow its inode. */
  readonly blocks: MetadataReader;
}

/** Neither a file nor a directory: a symbolic link, a device. */
export interface OtherInode {
  readonly kind: 'other';
}

const HEADER = 16;
const NO_FRAGMENT = 0xffff_ffff;
/** Readers count `.` and `..` into a directory's size, as three bytes. */
const SELF_AND_PARENT = 3;

/** @throws SquashfsError */
export async function readInode(from: MetadataReader): Promise<DirectoryInode | FileInode | OtherInode> {
  const type = (await from.take(HEADER)).readUInt16LE(0);
  switch (type) {
    case 1: {
      const bytes = await from.take(16);
      return directory(bytes.readUInt32LE(0), bytes.readUInt16LE(10), bytes.readUInt16LE(8));
    }
    case 8: {
      const bytes = await from.take(24);
      // Linux follows it, and it may lead elsewhere than the listing does. Only directories with many names have one.
      check(bytes.readUInt16LE(16) === 0, 'a directory has an index, which is not followed');
      return directory(bytes.readUInt32LE(8), bytes.readUInt16LE(18), bytes.readUInt32LE(4));
    }
    case 2: {
      const bytes = await from.take(16);
      const size = bytes.readUInt32LE(12);
      return file(from, bytes.readUInt32LE(0), size, bytes.readUInt32LE(4), bytes.readUInt32LE(8));
    }
    case 9: {
      const bytes = await from.take(40);
      const [start, size] = [large(bytes, 0), large(bytes, 8)];
      return file(from, start, size, bytes.readUInt32LE(28), bytes.readUInt32LE(32));
    }
    default:
      check(type >= 3 && type <= 14, 'an inode is of no type');
      return { kind: 'other' };
  }
}

function directory(block: number, offset: number, size: number): DirectoryInode {
  return { kind: 'directory', listing: { block, offset }, size: Math.max(0, size - SELF_AND_PARENT) };
}

function file(
  blocks: MetadataReader,
  start: number,
  size: number,
  fragment: number,
  offset: number,
): FileInode {
  const last = fragment === NO_FRAGMENT ? undefined : { index: fragment, offset };
  return { kind: 'file', start, size, fragment: last, blocks };
}

function large(bytes: Buffer, at: number): number {
  const value = bytes.readBigUInt64LE(at);
  check(value <= BigInt(Number.MAX_SAFE_INTEGER), 'a file is larger than any');
  return Number(value);
}
