import { unlessAborted } from '#kernel';
import { BlobStoreError, type BlobDigest, type BlobReader } from '#blob-store/port';

/** What reading a kept blob again has shown. */
export type Sight =
  | { readonly kind: 'whole' | 'altered'; readonly size: number }
  /** Gone since it was listed. */
  | { readonly kind: 'gone' }
  /** Of this blob alone, or of all: one look cannot tell. */
  | { readonly kind: 'unreadable'; readonly error: BlobStoreError };

/**
 * Reads a blob; one that is altered twice, since a report is for good.
 * @throws BlobStoreError `no-such-bucket`; what `signal` was aborted with
 */
export async function lookAtBlob(digest: BlobDigest, blobs: BlobReader, signal: AbortSignal): Promise<Sight> {
  try {
    const size = await blobs.size(digest);
    if (size === undefined) return { kind: 'gone' };
    for (let times = 0; times < 2; times++) {
      if (await unlessAborted(blobs.verify(digest), signal)) return { kind: 'whole', size };
    }
    return (await blobs.size(digest)) === undefined ? { kind: 'gone' } : { kind: 'altered', size };
  } catch (error) {
    if (mayBeTheBlob(error)) return { kind: 'unreadable', error };
    throw error;
  }
}

function mayBeTheBlob(error: unknown): error is BlobStoreError {
  return error instanceof BlobStoreError && (error.code === 'unavailable' || error.code === 'access-denied');
}

/** Why it cannot be read, as the record says it: the system's own code, no path and no address. */
export function whyUnreadable({ cause }: BlobStoreError): string {
  const told = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const named = told || (cause instanceof Error ? cause.name : '');
  return named ? `it cannot be read (${named})` : 'it cannot be read';
}
