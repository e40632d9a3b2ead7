import type { InodePlace } from './superblock.js';
import { check } from './squashfs-error.js';
import type { Unpack } from './unpack.js';

/** Bytes `start` to `start + length`, fewer where the image ends. */
export type ReadAt = (start: number, length: number) => Promise<Buffer>;

const LARGEST = 8192;
const PLAIN = 0x8000;

/** Reads on from a place in a table: metadata blocks of at most 8 KiB, each with its length before it. */
export class MetadataReader {
  private content: Uint8Array = new Uint8Array();
  private next: number;
  private at: number;

  constructor(
    private readonly readAt: ReadAt,
    private readonly unpack: Unpack,
    table: number,
    { block, offset }: InodePlace,
  ) {
    this.next = table + block;
    this.at = offset;
  }

  /** @throws SquashfsError where there is less */
  async take(length: number): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    let left = length;
    while (left > 0) {
      if (this.at >= this.content.length) await this.turn();
      const piece = this.content.subarray(this.at, this.at + left);
      pieces.push(piece);
      this.at += piece.length;
      left -= piece.length;
    }
    return Buffer.concat(pieces);
  }

  private async turn(): Promise<void> {
    const past = this.at - this.content.length;
    // All but the last of a table are full: so nobody has us read a table a byte at a time.
    check(this.content.length === 0 || this.content.length === LARGEST, 'a table ends before it should');
    const head = await this.readAt(this.next, 2);
    check(head.length === 2, 'a table ends in the middle');
    const said = head.readUInt16LE();
    const length = said & ~PLAIN;
    check(length > 0 && length <= LARGEST, 'a metadata block has a length that none has');
    const block = await this.readAt(this.next + 2, length);
    check(block.length === length, 'a table ends in the middle');
    this.content = said & PLAIN ? block : await this.unpack(block, LARGEST);
    check(this.content.length > past, 'a place in a table is past its block');
    this.next += 2 + length;
    this.at = past;
  }
}
