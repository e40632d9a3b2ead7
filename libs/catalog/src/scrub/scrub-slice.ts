import type { BlobDigest, ScrubbedBlobs } from '#blob-store/port';
import { lookAtBlob, whyUnreadable, type Sight } from './look-at-blob.js';
import type { ScrubRecord } from './scrub-record.js';
import { UnreadBlobs } from './unread-blobs.js';

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
  /** Damaged as well: they could not be read, while others could. Nothing was moved. One that was known already is reported no more. */
  readonly unreadable: readonly BlobDigest[];
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
 * crash in between does both again, and the report is made once. One that can't be read while others can is reported, and left where it
 * is: a bad sector holds up nothing. When no blob can be read, that is the storage's fault, and ends the slice.
 * @throws BlobStoreError `unavailable`, `access-denied`, `no-such-bucket`; EventStoreError; what `signal` was aborted with
 */
export async function scrubSlice({ after, bytes: most }: Slice, ports: ScrubPorts): Promise<Scrubbed> {
  const { blobs, signal } = ports;
  const { restored, unreadable } = await lookAtDamaged(ports);
  const found = { damaged: [] as BlobDigest[], unreadable: [] as BlobDigest[] };
  const unread = new UnreadBlobs();
  let [count, bytes, last] = [0, 0, after];
  for await (const digest of blobs.list(after)) {
    signal.throwIfAborted();
    if (count > 0 && unread.none && bytes >= most) {
      return { blobs: count, bytes, ...found, restored, after: last };
    }
    last = digest;
    if (unreadable.has(digest)) {
      found.unreadable.push(digest);
      continue;
    }
    const sight = await lookAtBlob(digest, blobs, signal);
    if (sight.kind === 'gone') continue;
    if (sight.kind === 'unreadable') {
      unread.add(digest, sight.error);
      continue;
    }
    await dealWith(digest, sight, ports, found);
    await again(unread.take(), ports, found);
    count++;
    bytes += sight.size;
  }
  if (!unread.none) {
    await unread.requireStorage(blobs, signal);
    await again(unread.take(), ports, found);
  }
  return { blobs: count, bytes, ...found, restored, after: undefined };
}

interface Found {
  readonly damaged: BlobDigest[];
  readonly unreadable: BlobDigest[];
}

/** Another blob could be read since: what still can't be is at fault itself. */
async function again(digests: readonly BlobDigest[], ports: ScrubPorts, found: Found): Promise<void> {
  for (const digest of digests) {
    await dealWith(digest, await lookAtBlob(digest, ports.blobs, ports.signal), ports, found);
  }
}

async function dealWith(
  digest: BlobDigest,
  sight: Sight,
  { blobs, record }: ScrubPorts,
  found: Found,
): Promise<void> {
  switch (sight.kind) {
    case 'gone':
    case 'whole':
      return;
    case 'unreadable':
      await record.reportDamage({ digest, why: whyUnreadable(sight.error) });
      found.unreadable.push(digest);
      return;
    case 'altered':
      await record.reportDamage({ digest, size: String(sight.size), why: 'its content has another SHA-256' });
      await blobs.quarantine(digest);
      found.damaged.push(digest);
  }
}

/** Looks at what is recorded as damaged: it may be whole again. What still cannot be read need not be found once more. */
async function lookAtDamaged({ blobs, record, signal }: ScrubPorts): Promise<{
  readonly restored: BlobDigest[];
  readonly unreadable: ReadonlySet<BlobDigest>;
}> {
  const restored: BlobDigest[] = [];
  const unreadable = new Set<BlobDigest>();
  for (const digest of await record.damaged()) {
    const { kind } = await lookAtBlob(digest, blobs, signal);
    if (kind === 'unreadable') unreadable.add(digest);
    if (kind !== 'whole') continue;
    await record.reportRestored(digest);
    restored.push(digest);
  }
  return { restored, unreadable };
}
