import { emptyRoot, hashLeaf, hashNode } from './hashing.js';

interface Peak {
  readonly hash: Buffer;
  /** Leaves below it: a power of two. */
  readonly size: bigint;
}

/**
 * An RFC 6962 tree that grows to the right, kept as the roots of its full subtrees: log2(n) hashes, whatever n is.
 * The peaks' sizes fall strictly, being the binary digits of the size.
 */
export class CompactTree {
  private constructor(private readonly peaks: Peak[]) {}

  static empty(): CompactTree {
    return new CompactTree([]);
  }

  /** Number of leaves. */
  get size(): bigint {
    return this.peaks.reduce((sum, peak) => sum + peak.size, 0n);
  }

  copy(): CompactTree {
    return new CompactTree([...this.peaks]);
  }

  appendEntry(bytes: Uint8Array): void {
    this.append(hashLeaf(bytes));
  }

  append(leafHash: Buffer): void {
    this.appendSubtree(leafHash, 1n);
  }

  /**
   * Appends a full subtree of `size` leaves by its root: how a tree comes back from its tiles.
   * @throws RangeError when the subtree would not stand at a multiple of its size, a power of two
   */
  appendSubtree(hash: Buffer, size: bigint): void {
    const last = this.peaks.at(-1);
    if (size < 1n || (size & (size - 1n)) !== 0n || (last !== undefined && last.size < size)) {
      throw new RangeError(`a subtree of ${size} leaves does not fit behind ${this.size} leaves`);
    }
    let peak: Peak = { hash, size };
    for (let left = this.peaks.at(-1); left?.size === peak.size; left = this.peaks.at(-1)) {
      this.peaks.pop();
      peak = { hash: hashNode(left.hash, peak.hash), size: left.size + peak.size };
    }
    this.peaks.push(peak);
  }

  root(): Buffer {
    const last = this.peaks.at(-1);
    if (!last) return emptyRoot();
    return this.peaks.slice(0, -1).reduceRight((right, peak) => hashNode(peak.hash, right), last.hash);
  }
}
