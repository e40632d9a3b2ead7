import type { Readable } from 'node:stream';
import type { BlobDigest } from '#blob-store/port';
import type { ByteRange } from './byte-range.js';

/** An approved artefact, as a download address of ours names it. */
export interface KeptArtefact {
  readonly sha256: BlobDigest;
  /** Hex. */
  readonly sha3_384: string;
  /** Bytes. */
  readonly size: number;
}

export type Intactness = 'intact' | 'altered' | 'missing';

/** Approved artefacts, wherever they are kept. Nothing that wasn't verified completes an answer. */
export interface KeptArtefacts {
  /** Whether the artefact may be opened. @throws BlobStoreError, ServingError when that can't be said now */
  check(artefact: KeptArtefact): Promise<Intactness>;
  /** Bytes of one that was checked. @throws BlobStoreError, ServingError; the stream fails with the same */
  open(artefact: KeptArtefact, range: ByteRange): Promise<Readable>;
}
