import { deflateSmaller } from './deflate-smaller.js';

const BLOCK = 8192;
const UNCOMPRESSED = 0x8000;

/** Where something begins in a metadata table: its block, as bytes from the table's start, and the offset inside it. */
export interface MetadataPosition {
  readonly block: number;
  readonly offset: number;
}

/**
 * A run of metadata blocks: 8 KiB of content each, before it a 16-bit length whose top bit says "not compressed".
 * What is written may cross from one block into the next.
 */
export class MetadataTable {
  private readonly blocks: Uint8Array[] = [];
  private written = 0;
  private pending: Buffer = Buffer.alloc(0);

  constructor(private readonly compress: boolean) {}

  position(): MetadataPosition {
    return { block: this.written, offset: this.pending.length };
  }

  append(bytes: Uint8Array): void {
    this.pending = Buffer.concat([this.pending, bytes]);
    // A full block goes out at once, so that a position never has an offset of 8192.
    while (this.pending.length >= BLOCK) {
      this.emit(this.pending.subarray(0, BLOCK));
      this.pending = this.pending.subarray(BLOCK);
    }
  }

  finish(): Buffer {
    if (this.pending.length > 0) this.emit(this.pending);
    this.pending = Buffer.alloc(0);
    return Buffer.concat(this.blocks);
  }

  private emit(content: Uint8Array): void {
    const { bytes, compressed } = deflateSmaller(content, this.compress);
    const header = Buffer.alloc(2);
    header.writeUInt16LE(compressed ? bytes.length : bytes.length | UNCOMPRESSED);
    this.blocks.push(header, Buffer.from(bytes));
    this.written += header.length + bytes.length;
  }
}
