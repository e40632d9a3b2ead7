/** Two buffers: while one is read into, the other is being written. */
export interface Pieces {
  readonly first: Buffer;
  readonly second: Buffer;
}

const LARGE_BYTES = 512 * 1024;
const SMALL_BYTES = 64 * 1024;
/** So many downloads at a time get large pieces, 16 MiB in all: the more devices there are, the less a large piece helps any of them. */
const LARGE_PAIRS = 16;

/** The memory that downloads pass through. Large pieces are kept for the next one: left to the garbage collector, they pile up. */
export class PieceBuffers {
  private readonly spare: Pieces[] = [];
  private made = 0;

  /** @param bytes how many are to be sent */
  take(bytes: number): Pieces {
    if (bytes <= SMALL_BYTES) return pair(bytes);
    const spare = this.spare.pop();
    if (spare) return spare;
    if (this.made === LARGE_PAIRS) return pair(SMALL_BYTES);
    this.made++;
    return pair(LARGE_BYTES);
  }

  /** Once nobody reads or writes them any more. */
  giveBack(pieces: Pieces): void {
    if (pieces.first.length === LARGE_BYTES) this.spare.push(pieces);
  }
}

function pair(bytes: number): Pieces {
  return { first: Buffer.allocUnsafeSlow(bytes), second: Buffer.allocUnsafeSlow(bytes) };
}
