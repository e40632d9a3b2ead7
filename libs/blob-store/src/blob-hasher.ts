import { createHash } from 'node:crypto';
import { BlobStoreError, type BlobFacts, type ExpectedBlob } from './port.js';

/** Takes a content's facts while it streams by, and holds them against what was expected. */
export class BlobHasher {
  private readonly sha256 = createHash('sha256');
  private readonly sha3 = createHash('sha3-384');
  private size = 0;

  constructor(private readonly expected: ExpectedBlob = {}) {}

  /** @throws BlobStoreError `size-mismatch` as soon as there is more than expected: a hostile source can't fill the disk */
  update(chunk: Uint8Array): void {
    this.size += chunk.length;
    const { size } = this.expected;
    if (size !== undefined && this.size > size) {
      throw new BlobStoreError('size-mismatch', `the content has more than the expected ${size} bytes`);
    }
    this.sha256.update(chunk);
    this.sha3.update(chunk);
  }

  /** @throws BlobStoreError `size-mismatch`, `digest-mismatch` */
  finish(): BlobFacts {
    const facts = { sha256: this.sha256.digest('hex'), sha3_384: this.sha3.digest('hex'), size: this.size };
    const { expected } = this;
    if (expected.size !== undefined && expected.size !== facts.size) {
      throw new BlobStoreError(
        'size-mismatch',
        `the content has ${facts.size} bytes, ${expected.size} were expected`,
      );
    }
    for (const algorithm of ['sha256', 'sha3_384'] as const) {
      const wanted = expected[algorithm];
      if (wanted !== undefined && wanted !== facts[algorithm]) {
        throw new BlobStoreError(
          'digest-mismatch',
          `the content's ${algorithm} is ${facts[algorithm]}, ${wanted} was expected`,
        );
      }
    }
    return facts;
  }
}
