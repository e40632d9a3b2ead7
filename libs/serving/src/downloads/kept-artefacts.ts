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

/** Why an artefact is not handed out. */
export type Unusable = 'altered' | 'missing';

/** Approved artefacts, wherever they are kept. Nothing that wasn't verified completes an answer. */
export interface KeptArtefacts {
  /** Whether the artefact could be opened. @throws ServingError `kept-unavailable`, `cache-unavailable` when that can't be said now */
  check(artefact: KeptArtefact): Promise<'intact' | Unusable>;
  /** As soon as byte `start` may be sent: the very file that was verified. @throws ServingError; sending it fails with the same */
  open(artefact: KeptArtefact, start: number): Promise<ServedFile | Unusable>;
}
