import type { BlobDigest, BlobReader, BlobStoreError } from '#blob-store/port';
import { lookAtBlob } from './look-at-blob.js';

/** Blobs follow one another by digest, as good as by chance: so many in a row that can't be read are a storage that is ill. */
const MOST_IN_A_ROW = 16;

/** Blobs that could not be read, while it isn't known yet whether they are at fault or their storage is. */
export class UnreadBlobs {
  private readonly errors = new Map<BlobDigest, BlobStoreError>();

  get none(): boolean {
    return this.errors.size === 0;
  }

  /** @throws BlobStoreError `error`, when too many in a row could not be read */
  add(digest: BlobDigest, error: BlobStoreError): void {
    this.errors.set(digest, error);
    if (this.errors.size >= MOST_IN_A_ROW) throw error;
  }

  /** Gives them out, and forgets them. */
  take(): BlobDigest[] {
    const digests = [...this.errors.keys()];
    this.errors.clear();
    return digests;
  }

  /**
   * Looks whether any other blob can be read now. None but these: listing them was the storage's proof of life.
   * @throws BlobStoreError when no other can be read either
   */
  async requireStorage(blobs: BlobReader, signal: AbortSignal): Promise<void> {
    let others = 0;
    for await (const digest of blobs.list()) {
      if (this.errors.has(digest)) continue;
      const sight = await lookAtBlob(digest, blobs, signal);
      if (sight.kind === 'gone') continue;
      if (sight.kind !== 'unreadable') return;
      if (++others === MOST_IN_A_ROW) throw sight.error;
    }
    const [error] = this.errors.values();
    if (others > 0 && error) throw error;
  }
}
