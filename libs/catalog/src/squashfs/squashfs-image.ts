import { readInode, type DirectoryInode, type FileInode } from './inode.js';
import { MetadataReader, type ReadAt } from './metadata.js';
import { check } from './squashfs-error.js';
import { readSuperblock, SUPERBLOCK_SIZE, type InodePlace, type Superblock } from './superblock.js';
import { unpackOf, type Unpack } from './unpack.js';

/** Bytes of one directory's listing: some twenty thousand names. */
const LONGEST_LISTING = 1024 * 1024;
const MOST_IN_RUN = 256;
const PLAIN = 1 << 24;
/** Fragments' entries that one metadata block holds, of 16 bytes each. */
const FRAGMENTS_A_BLOCK = 512;

/**
 * Reads single files of a squashfs image (version 4.0), as snaps are. What stands in an image is hostile: each length is held against what there may be, and
 * what is not in order is refused. Follows no symbolic link.
 */
export class SquashfsImage {
  private constructor(
    private readonly readAt: ReadAt,
    private readonly head: Superblock,
    private readonly unpack: Unpack,
  ) {}

  /** @throws SquashfsError */
  static async open(readAt: ReadAt): Promise<SquashfsImage> {
    const head = readSuperblock(await readAt(0, SUPERBLOCK_SIZE));
    return new SquashfsImage(readAt, head, unpackOf(head.compression));
  }

  /**
   * @param path relative, `/` between names: `meta/snap.yaml`
   * @param most bytes that it may have
   * @returns undefined when there is none
   * @throws SquashfsError also for what is there and is no file, or has more bytes
   */
  async file(path: string, most: number): Promise<Buffer | undefined> {
    let node = await this.inodeAt(this.head.rootInode);
    for (const name of path.split('/')) {
      if (node.kind !== 'directory') return undefined;
      const place = await this.find(node, name);
      if (place === undefined) return undefined;
      node = await this.inodeAt(place);
    }
    check(node.kind === 'file', `${path} is no file`);
    check(node.size <= most, `${path} has ${node.size} bytes, at most ${most} are read`);
    return this.contentOf(node);
  }

  private inodeAt(place: InodePlace): ReturnType<typeof readInode> {
    return readInode(this.metadata(this.head.inodeTable, place));
  }

  private metadata(table: number, place: InodePlace): MetadataReader {
    return new MetadataReader(this.readAt, this.unpack, table, place);
  }

  /** Runs of names, each with a head that says how many it has and in which block their inodes are. */
  private async find({ listing, size }: DirectoryInode, wanted: string): Promise<InodePlace | undefined> {
    check(size <= LONGEST_LISTING, 'a directory has more names than are read');
    const bytes = await this.metadata(this.head.directoryTable, listing).take(size);
    let [before, found]: [Buffer | undefined, InodePlace | undefined] = [undefined, undefined];
    let at = 0;
    while (at < size) {
      check(at + 12 <= size, 'a listing ends in the middle');
      const names = bytes.readUInt32LE(at) + 1;
      const block = bytes.readUInt32LE(at + 4);
      check(names <= MOST_IN_RUN, 'a listing has a run that is too long');
      at += 12;
      for (let n = 0; n < names; n++) {
        check(at + 8 <= size, 'a listing ends in the middle');
        const end = at + 8 + bytes.readUInt16LE(at + 6) + 1;
        check(end <= size, 'a listing ends in the middle');
        const name = bytes.subarray(at + 8, end);
        // Each name once, in order: else another reader may find another file by it.
        check(before === undefined || before.compare(name) < 0, 'a listing is not in order');
        before = name;
        if (name.toString('utf8') === wanted) found = { block, offset: bytes.readUInt16LE(at) };
        at = end;
      }
    }
    return found;
  }

  private async contentOf(file: FileInode): Promise<Buffer> {
    const { blockSize } = this.head;
    const { size, fragment, blocks } = file;
    const count = fragment ? Math.floor(size / blockSize) : Math.ceil(size / blockSize);
    const lengths = await blocks.take(4 * count);
    const pieces: Uint8Array[] = [];
    let start = file.start;
    for (let n = 0; n < count; n++) {
      const said = lengths.readUInt32LE(4 * n);
      const whole = Math.min(blockSize, size - n * blockSize);
      const piece = await this.block(start, said, whole);
      check(piece.length === whole, 'a block has less in it than it should');
      pieces.push(piece);
      start += said & ~PLAIN;
    }
    if (fragment) pieces.push(await this.fragment(fragment.index, fragment.offset, size % blockSize));
    return Buffer.concat(pieces);
  }

  private async fragment(index: number, offset: number, length: number): Promise<Uint8Array> {
    const { fragmentTable, fragments, blockSize } = this.head;
    check(index < fragments, 'a file ends in a fragment that there is not');
    const pointer = await this.readAt(fragmentTable + 8 * Math.floor(index / FRAGMENTS_A_BLOCK), 8);
    check(pointer.length === 8, 'the table of fragments ends in the middle');
    const table = Number(pointer.readBigUInt64LE());
    const entry = await this.metadata(table, { block: 0, offset: 16 * (index % FRAGMENTS_A_BLOCK) }).take(16);
    const start = Number(entry.readBigUInt64LE(0));
    const content = await this.block(start, entry.readUInt32LE(8), blockSize);
    const piece = content.subarray(offset, offset + length);
    check(piece.length === length, 'a fragment has less in it than it should');
    return piece;
  }

  /** @param said its length in the image, with the bit that says that it is not compressed; 0: nothing but zeros */
  private async block(start: number, said: number, most: number): Promise<Uint8Array> {
    const length = said & ~PLAIN;
    if (length === 0) return new Uint8Array(most);
    check(length <= this.head.blockSize, 'a block has a length that none has');
    const bytes = await this.readAt(start, length);
    check(bytes.length === length, 'a block ends in the middle');
    if ((said & PLAIN) === 0) return this.unpack(bytes, most);
    check(length <= most, 'a block has more in it than it may');
    return bytes;
  }
}
