import type { FileHandle } from 'node:fs/promises';
import type { BlobDigest, BlobReader } from '#blob-store/port';
import type { Intactness, KeptArtefact, KeptArtefacts } from './kept-artefacts.js';
import { wholeFile, type ServedFile } from './served-file.js';

/**
 * What tells cheaply that a kept blob was written to: for a file its inode, size and change times. A different one means "read it again",
 * an equal one that nothing happened to it since. Undefined when there is no such blob.
 */
export type BlobFingerprint = (digest: BlobDigest) => Promise<string | undefined>;

/**
 * Kept blobs were verified when they were written, by another process; this one verifies each once more before it serves it for the
 * first time, and again whenever its fingerprint changed. What is served is then what was approved, also when somebody edited the folder.
 */
export class IntactBlobs implements KeptArtefacts {
  private readonly verified = new Map<BlobDigest, string>();
  private readonly verifying = new Map<BlobDigest, Promise<Intactness>>();

  constructor(
    private readonly blobs: Pick<BlobReader, 'verify'>,
    private readonly fingerprint: BlobFingerprint,
    /** @throws BlobStoreError `not-found`, `unavailable` */
    private readonly openFile: (digest: BlobDigest) => Promise<FileHandle>,
  ) {}

  /** @throws BlobStoreError `unavailable` */
  async check({ sha256: digest }: Pick<KeptArtefact, 'sha256'>): Promise<Intactness> {
    const fingerprint = await this.fingerprint(digest);
    if (fingerprint === undefined) return 'missing';
    if (this.verified.get(digest) === fingerprint) return 'intact';
    return await this.verifyOnce(digest, fingerprint);
  }

  /** @throws BlobStoreError `not-found`, `unavailable` */
  async open({ sha256, size }: Pick<KeptArtefact, 'sha256' | 'size'>): Promise<ServedFile> {
    return wholeFile(await this.openFile(sha256), size);
  }

  /** Many devices ask for a new revision at once: its bytes are read once for all of them. */
  private verifyOnce(digest: BlobDigest, fingerprint: string): Promise<Intactness> {
    const key = `${digest} ${fingerprint}`;
    const running = this.verifying.get(key);
    if (running) return running;
    const verifying = this.verify(digest, fingerprint).finally(() => this.verifying.delete(key));
    this.verifying.set(key, verifying);
    return verifying;
  }

  private async verify(digest: BlobDigest, fingerprint: string): Promise<Intactness> {
    if (!(await this.blobs.verify(digest))) return 'altered';
    this.verified.set(digest, fingerprint);
    return 'intact';
  }
}
