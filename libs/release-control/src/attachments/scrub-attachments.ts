import { ReleaseControlError } from '../domain/errors.js';
import type { AttachmentReader } from './attachment-reader.js';

/** Where findings go. */
export interface AttachmentRecord {
  /** Digests that are damaged as far as is known. */
  damaged(): Promise<readonly string[]>;
  reportDamage(damage: { readonly digest: string; readonly why: string }): Promise<void>;
  reportRestored(digest: string): Promise<void>;
}

export interface ScrubbedAttachments {
  readonly files: number;
  /** Read, of those that are whole. */
  readonly bytes: number;
  readonly damaged: readonly string[];
  /** Recorded as damaged, and whole again. */
  readonly restored: readonly string[];
}

/**
 * Reads every attachment again; one that is not what its digest says twice is recorded. Nothing is moved: nobody but the owner may.
 * @throws what the database does; what `signal` was aborted with
 */
export async function scrubAttachments(
  reader: AttachmentReader,
  record: AttachmentRecord,
  signal: AbortSignal,
): Promise<ScrubbedAttachments> {
  const known = new Set(await record.damaged());
  const damaged: string[] = [];
  const restored: string[] = [];
  let [files, bytes] = [0, 0];
  for await (const digest of reader.list()) {
    signal.throwIfAborted();
    const size = (await sizeOfWhole(reader, digest)) ?? (await sizeOfWhole(reader, digest));
    files++;
    if (size === undefined) {
      await record.reportDamage({ digest, why: 'the content of an attachment has another SHA-256' });
      damaged.push(digest);
      continue;
    }
    bytes += size;
    if (!known.has(digest)) continue;
    await record.reportRestored(digest);
    restored.push(digest);
  }
  return { files, bytes, damaged, restored };
}

/** Undefined for one that is not what its digest says. */
async function sizeOfWhole(reader: AttachmentReader, digest: string): Promise<number | undefined> {
  let size = 0;
  try {
    for await (const bytes of reader.open(digest)) size += bytes.length;
    return size;
  } catch (error) {
    if (error instanceof ReleaseControlError && error.code === 'attachment-lost') return undefined;
    throw error;
  }
}
