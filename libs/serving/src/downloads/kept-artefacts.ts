import type { BlobDigest } from '#blob-store/port';
import type { ServedFile } from './served-file.js';

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
  /** One that was checked, as soon as byte `start` may be sent. @throws BlobStoreError, ServingError; sending it fails with the same */
  open(artefact: KeptArtefact, start: number): Promise<ServedFile>;
}
