import { CodedError } from '#kernel';
import type { Readable } from 'node:stream';

/** SHA-256 of the content, 64 lower-case hex characters: a kept blob's only name. */
export type BlobDigest = string;

export interface BlobFacts {
  readonly sha256: BlobDigest;
  /** Hex, 96 characters: the digest that snapd and the store speak of. */
  readonly sha3_384: string;
  /** Bytes. */
  readonly size: number;
}

/** What the writer knows of the content beforehand; what differs is refused. */
export type ExpectedBlob = Partial<BlobFacts>;

/**
 * Content-addressed, write-once storage of what approvals depend on.
 * `put` is durable once it resolves, and nothing half-written is ever visible under a digest. Putting the same content twice is one blob.
 */
export interface BlobStore {
  /** @throws BlobStoreError `digest-mismatch`, `size-mismatch` (nothing is kept), `unavailable` */
  put(content: AsyncIterable<Uint8Array>, expected?: ExpectedBlob): Promise<BlobFacts>;
  /** @returns undefined when there is no such blob */
  size(digest: BlobDigest): Promise<number | undefined>;
  /** Bytes `start` to `end` (inclusive) or all. @throws BlobStoreError `not-found` */
  open(digest: BlobDigest, range?: { readonly start: number; readonly end?: number }): Promise<Readable>;
  /** The whole of a small blob, its digest checked. @throws BlobStoreError `not-found`, `digest-mismatch` */
  read(digest: BlobDigest): Promise<Uint8Array>;
  /** Re-reads the content. @returns false when it is missing or is not what its name says */
  verify(digest: BlobDigest): Promise<boolean>;
}

export type BlobStoreErrorCode = 'not-found' | 'digest-mismatch' | 'size-mismatch' | 'unavailable';

export class BlobStoreError extends CodedError<BlobStoreErrorCode> {
  override readonly name = 'BlobStoreError';
}
