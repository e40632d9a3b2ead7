import { deflateSmaller } from './deflate-smaller.js';

export const BLOCK_SIZE = 131_072;
const UNCOMPRESSED = 1 << 24;

/** A file's blocks: where the first begins in the image, and each one's length with the "not compressed" bit. */
export interface StoredFile {
  readonly start: number;
  readonly sizes: readonly number[];
}

/** The data blocks of all files, one after the other. No fragments: a file's last block is stored by itself. */
export class DataBlocks {
  private readonly blocks: Uint8Array[] = [];
  private end: number;

  constructor(
    start: number,
    private readonly compress: boolean,
  ) {
    this.end = start;
  }

  append(content: Uint8Array): StoredFile {
    const start = content.length === 0 ? 0 : this.end;
    const sizes: number[] = [];
    for (let at = 0; at < content.length; at += BLOCK_SIZE) {
      const { bytes, compressed } = deflateSmaller(content.subarray(at, at + BLOCK_SIZE), this.compress);
      sizes.push(compressed ? bytes.length : bytes.length | UNCOMPRESSED);
      this.blocks.push(bytes);
      this.end += bytes.length;
    }
    return { start, sizes };
  }

  finish(): Buffer {
    return Buffer.concat(this.blocks);
  }
}
