import { check } from './squashfs-error.js';

/** Distances that the two longest forms add to theirs. */
const FAR = 16_384;
const NEAR_AFTER_LITERALS = 2_049;

/**
 * Decompresses one LZO1X block, as Linux reads it (Documentation/staging/lzo.rst; the first version of its bit stream, which is squashfs's).
 * @param most bytes that may come of it
 * @throws SquashfsError
 */
export function unpackLzo(input: Uint8Array, most: number): Uint8Array {
  return new Lzo(input, most).unpack();
}

class Lzo {
  private at = 0;
  private readonly output: Uint8Array;
  private size = 0;
  /** How many literals the last instruction copied: 4 for a run of them. What the next one means depends on it. */
  private literals = 0;

  constructor(
    private readonly input: Uint8Array,
    most: number,
  ) {
    this.output = new Uint8Array(most);
  }

  unpack(): Uint8Array {
    const first = this.input[0] ?? 0;
    if (first > 17) {
      this.at = 1;
      this.copyLiterals(first - 17);
    }
    while (this.instruction());
    check(this.at === this.input.length, 'an LZO block goes on after its end');
    return this.output.subarray(0, this.size);
  }

  /** @returns false at the end */
  private instruction(): boolean {
    const code = this.byte();
    if (code >= 64) return this.short(code);
    if (code >= 32) return this.long(2 + this.length(code & 31, 31), code, 1);
    if (code >= 16) return this.long(2 + this.length(code & 7, 7), code, FAR + ((code & 8) << 11));
    if (this.literals === 0) return this.copyLiterals(3 + this.length(code, 15));
    const distance = (this.byte() << 2) + (code >> 2);
    if (this.literals === 4) return this.match(3, distance + NEAR_AFTER_LITERALS, code & 3);
    return this.match(2, distance + 1, code & 3);
  }

  private short(code: number): boolean {
    const length = code >= 128 ? 5 + ((code >> 5) & 3) : 3 + ((code >> 5) & 1);
    return this.match(length, (this.byte() << 3) + ((code >> 2) & 7) + 1, code & 3);
  }

  /** Of the forms whose distance stands in two bytes. The longest one with nothing in them is the end. */
  private long(length: number, code: number, base: number): boolean {
    const word = this.byte() | (this.byte() << 8);
    const distance = base + (word >> 2);
    if (code < 32 && distance === FAR) {
      check(length === 3, 'an LZO block ends with another sign than the end');
      return false;
    }
    return this.match(length, distance, word & 3);
  }

  /** Zero stands for more than fits: each zero byte after it adds 255. */
  private length(said: number, full: number): number {
    if (said !== 0) return said;
    let length = full;
    let byte = this.byte();
    while (byte === 0) {
      length += 255;
      check(length <= this.output.length, 'an LZO block has more in it than it may');
      byte = this.byte();
    }
    return length + byte;
  }

  private match(length: number, distance: number, literals: number): true {
    check(distance <= this.size, 'an LZO block repeats what is before its beginning');
    check(this.size + length <= this.output.length, 'an LZO block has more in it than it may');
    // Byte by byte: what is repeated may be what is being written.
    for (let n = 0; n < length; n++) {
      this.output[this.size] = this.output[this.size - distance] ?? 0;
      this.size++;
    }
    if (literals > 0) this.copyLiterals(literals);
    this.literals = literals;
    return true;
  }

  private copyLiterals(count: number): true {
    const from = this.input.subarray(this.at, this.at + count);
    check(from.length === count, 'an LZO block ends in the middle');
    check(this.size + count <= this.output.length, 'an LZO block has more in it than it may');
    this.output.set(from, this.size);
    this.at += count;
    this.size += count;
    this.literals = Math.min(count, 4);
    return true;
  }

  private byte(): number {
    const byte = this.input[this.at++];
    check(byte !== undefined, 'an LZO block ends in the middle');
    return byte;
  }
}
