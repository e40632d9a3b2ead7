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
 * What whoever serves or checks blobs may do: read. A `signal` ends waiting for a storage that is elsewhere, with `unavailable`; a disk of
 * our own does not hear it.
 */
export interface BlobReader {
  /** @returns undefined when there is no such blob */
  size(digest: BlobDigest, signal?: AbortSignal): Promise<number | undefined>;
  /** Bytes `start` to `end` (inclusive) or all. @throws BlobStoreError `not-found` */
  open(
    digest: BlobDigest,
    range?: { readonly start: number; readonly end?: number },
    signal?: AbortSignal,
  ): Promise<Readable>;
  /** The whole of a small blob, its digest checked. @throws BlobStoreError `not-found`, `digest-mismatch` */
  read(digest: BlobDigest, signal?: AbortSignal): Promise<Uint8Array>;
  /** Re-reads the content. @returns false when it is missing or is not what its name says */
  verify(digest: BlobDigest): Promise<boolean>;
  /**
   * Every blob's digest in ascending order, from the first after `after` on: what was seen last is where to go on. A blob that comes
   * or goes meanwhile may or may not be listed.
   */
  list(after?: BlobDigest): AsyncIterable<BlobDigest>;
}

/** What a scrub may do beside reading. */
export interface ScrubbedBlobs extends BlobReader {
  /**
   * Moves a blob that isn't what its name says to where nobody reads it, but a person may look at it. One that is whole stays: it was
   * put again meanwhile. @returns whether it was moved
   */
  quarantine(digest: BlobDigest): Promise<boolean>;
}

/**
 * Content-addressed, write-once storage of what approvals depend on.
 * `put` is durable once it resolves, and nothing half-written is ever visible under a digest. Putting the same content twice is one blob.
 * Every method may throw BlobStoreError `unavailable`, `access-denied`, `no-such-bucket`: the storage, not the blob, is at fault.
 */
export interface BlobStore extends ScrubbedBlobs {
  /** Replaces a damaged blob of the same name. @throws BlobStoreError `digest-mismatch`, `size-mismatch` (nothing is kept) */
  put(content: AsyncIterable<Uint8Array>, expected?: ExpectedBlob): Promise<BlobFacts>;
}

export type BlobStoreErrorCode =
  | 'not-found'
  | 'digest-mismatch'
  | 'size-mismatch'
  /** A disk that is full, a server that doesn't answer: trying again later may help. */
  | 'unavailable'
  /** Credentials that are missing, wrong, or not enough for what was tried. */
  | 'access-denied'
  | 'no-such-bucket';

const DIGEST = /^[0-9a-f]{64}$/;

/** Whether `digest` is one: what isn't never becomes part of a path or a key. */
export function isBlobDigest(digest: string): boolean {
  return DIGEST.test(digest);
}

export class BlobStoreError extends CodedError<BlobStoreErrorCode> {
  override readonly name = 'BlobStoreError';
}
