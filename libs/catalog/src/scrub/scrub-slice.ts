import type { BlobDigest, ScrubbedBlobs } from '#blob-store/port';
import type { ScrubRecord } from './scrub-record.js';

/** How much to read at once. */
export interface Slice {
  /** The blob after which to go on; undefined: from the first. */
  readonly after: BlobDigest | undefined;
  /** No further blob is begun when so many bytes were read. */
  readonly bytes: number;
}

export interface Scrubbed {
  /** Blobs that were read. */
  readonly blobs: number;
  readonly bytes: number;
  readonly damaged: readonly BlobDigest[];
  readonly restored: readonly BlobDigest[];
  /** Where to go on; undefined: every blob was read, begin again. */
  readonly after: BlobDigest | undefined;
}

export interface ScrubPorts {
  readonly blobs: ScrubbedBlobs;
  readonly record: ScrubRecord;
  /** Aborted: ends after what is being read. */
  readonly signal: AbortSignal;
}

/**
 * Reads kept blobs once more, in the order of their digests. One that isn't what its name says is reported and quarantined, in this order: a
 * crash in between does both again, and the report is made once. A blob that can't be read is no damaged one: that ends the slice.
 * @throws BlobStoreError `unavailable`, `access-denied`, `no-such-bucket`; EventStoreError; what `signal` was aborted with
 */
export async function scrubSlice({ after, bytes: most }: Slice, ports: ScrubPorts): Promise<Scrubbed> {
  const { blobs, signal } = ports;
  const restored = await findRestored(ports);
  const damaged: BlobDigest[] = [];
  let [count, bytes, last] = [0, 0, after];
  for await (const digest of blobs.list(after)) {
    signal.throwIfAborted();
    if (count > 0 && bytes >= most) return { blobs: count, bytes, damaged, restored, after: last };
    const size = await blobs.size(digest);
    // Gone since it was listed.
    if (size === undefined) continue;
    if (!(await intact(digest, ports))) {
      await dealWith(digest, size, ports);
      damaged.push(digest);
    }
    count++;
    bytes += size;
    last = digest;
  }
  return { blobs: count, bytes, damaged, restored, after: undefined };
}

/** Read twice before it is said: a report is for good. */
async function intact(digest: BlobDigest, { blobs, signal }: ScrubPorts): Promise<boolean> {
  if (await unlessAborted(blobs.verify(digest), signal)) return true;
  if (await unlessAborted(blobs.verify(digest), signal)) return true;
  return (await blobs.size(digest)) === undefined;
}

async function dealWith(
  digest: BlobDigest,
  size: number,
  { blobs, record }: Pick<ScrubPorts, 'blobs' | 'record'>,
): Promise<void> {
  await record.reportDamage({ digest, size: String(size), why: 'its content has another SHA-256' });
  await blobs.quarantine(digest);
}

async function findRestored({ blobs, record, signal }: ScrubPorts): Promise<BlobDigest[]> {
  const restored: BlobDigest[] = [];
  for (const digest of await record.damaged()) {
    if (!(await unlessAborted(blobs.verify(digest), signal))) continue;
    await record.reportRestored(digest);
    restored.push(digest);
  }
  return restored;
}

/** Reading a large blob takes its time, and changes nothing: who stops does not wait for its end. */
async function unlessAborted<Result>(reading: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([reading, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
    reading.catch(() => undefined);
  }
}
