import type { FileHandle } from 'node:fs/promises';
import { BlobStoreError, type BlobDigest } from '#blob-store/port';
import { ServingError } from '../errors.js';
import type { KeptArtefact, KeptArtefacts, Unusable } from './kept-artefacts.js';
import { wholeFile, type ServedFile } from './served-file.js';
import { VerifiedFiles } from './verified-files.js';

/**
 * Kept blobs were verified when they were written, by another process; this one verifies each once more before it serves it for the
 * first time, and again whenever its fingerprint changed. What is served is then what was approved, also when somebody edited the folder.
 */
export class IntactBlobs implements KeptArtefacts {
  private readonly verified = new VerifiedFiles('sha256', () => Promise.resolve());

  constructor(
    /** @throws BlobStoreError `not-found`, `unavailable` */
    private readonly openFile: (digest: BlobDigest) => Promise<FileHandle>,
  ) {}

  async check(artefact: Pick<KeptArtefact, 'sha256' | 'size'>): Promise<'intact' | Unusable> {
    const opened = await this.open(artefact);
    if (typeof opened === 'string') return opened;
    await opened.close();
    return 'intact';
  }

  async open({ sha256, size }: Pick<KeptArtefact, 'sha256' | 'size'>): Promise<ServedFile | Unusable> {
    const file = await this.find(sha256);
    if (!file) return 'missing';
    try {
      const fingerprint = await this.verified.check(file, sha256);
      if (fingerprint !== undefined) return wholeFile(file, size, fingerprint);
    } catch (error) {
      await file.close();
      throw error instanceof ServingError ? error : unavailable(sha256, error);
    }
    await file.close();
    return 'altered';
  }

  private async find(digest: BlobDigest): Promise<FileHandle | undefined> {
    try {
      return await this.openFile(digest);
    } catch (error) {
      if (error instanceof BlobStoreError && error.code === 'not-found') return undefined;
      throw unavailable(digest, error);
    }
  }
}

function unavailable(digest: BlobDigest, cause: unknown): ServingError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ServingError('kept-unavailable', `the kept blob ${digest} cannot be read now: ${why}`, {
    cause,
  });
}
