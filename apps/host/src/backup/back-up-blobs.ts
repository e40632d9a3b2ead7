import {
  BlobStoreError,
  isBlobDigest,
  type BlobDigest,
  type BlobReader,
  type BlobStore,
} from '#blob-store/port';
import { LARGEST_MANIFEST } from '#catalog/published';
import type { AttachmentReader } from '#release-control/attachments/attachment-reader';
import { ReleaseControlError } from '#release-control/domain/errors';

export interface BackedUpBlobs {
  /** All that the history names and that the backup holds. */
  readonly digests: readonly BlobDigest[];
  /** How many of them were not there before. */
  readonly copied: number;
  /** Named by the history, and lost or damaged in the site; and no earlier backup here has them. */
  readonly missing: readonly BlobDigest[];
}

/** What of the database becomes blobs: the files of requests. */
export interface NamedAttachments {
  readonly named: ReadonlySet<BlobDigest>;
  readonly from: Pick<AttachmentReader, 'size' | 'open'>;
}

/**
 * Copies the capture manifests and the artefacts that they name, and attachments. Each is read through its digest on the way; one that is there already is not
 * read again: `holdfast backup verify` does that.
 * @throws BlobStoreError `unavailable`
 */
export async function backUpBlobs(
  manifests: ReadonlySet<BlobDigest>,
  from: BlobReader,
  to: BlobStore,
  attachments: NamedAttachments,
): Promise<BackedUpBlobs> {
  const digests = new Set<BlobDigest>();
  const missing = new Set<BlobDigest>();
  let copied = 0;
  const take = async (digest: BlobDigest): Promise<boolean> => {
    if (digests.has(digest)) return true;
    const there = await to.size(digest);
    if (there === undefined || there !== ((await from.size(digest)) ?? there)) {
      if (!(await copy(digest, from, to))) {
        missing.add(digest);
        return false;
      }
      copied += 1;
    }
    digests.add(digest);
    return true;
  };
  for (const attachment of attachments.named) {
    if (digests.has(attachment) || (await to.size(attachment)) !== undefined) digests.add(attachment);
    else if (await copyAttachment(attachment, attachments.from, to)) {
      copied += 1;
      digests.add(attachment);
    } else missing.add(attachment);
  }
  for (const manifest of manifests) {
    if (!(await take(manifest))) continue;
    const artefact = await artefactOf(manifest, to);
    if (artefact !== undefined) await take(artefact);
  }
  return { digests: [...digests], copied, missing: [...missing].sort() };
}

/** The blob that a capture manifest is about, whatever its format: the digest in its member `blob`. */
export async function artefactOf(
  manifest: BlobDigest,
  blobs: Pick<BlobStore, 'size' | 'read'>,
): Promise<BlobDigest | undefined> {
  // What is larger is none, and is not read into memory.
  if (((await blobs.size(manifest)) ?? Infinity) > LARGEST_MANIFEST) return undefined;
  try {
    const value = JSON.parse(Buffer.from(await blobs.read(manifest)).toString('utf8')) as {
      readonly blob?: { readonly sha256?: unknown };
    } | null;
    const digest = value?.blob?.sha256;
    return typeof digest === 'string' && isBlobDigest(digest) ? digest : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The blob is at fault, and not the storage. */
const LOST: ReadonlySet<string> = new Set(['not-found', 'digest-mismatch', 'size-mismatch']);

async function copyAttachment(
  sha256: BlobDigest,
  from: NamedAttachments['from'],
  to: BlobStore,
): Promise<boolean> {
  const size = await from.size(sha256);
  if (size === undefined) return false;
  try {
    await to.put(from.open(sha256), { sha256, size });
    return true;
  } catch (error) {
    const lost = error instanceof ReleaseControlError || error instanceof BlobStoreError;
    if (lost && (error.code === 'attachment-lost' || LOST.has(error.code))) return false;
    throw error;
  }
}

/** @returns false when it is missing, or is not what its name says */
async function copy(digest: BlobDigest, from: BlobReader, to: BlobStore): Promise<boolean> {
  try {
    const size = await from.size(digest);
    if (size === undefined) return false;
    await to.put(await from.open(digest), { sha256: digest, size });
    return true;
  } catch (error) {
    if (error instanceof BlobStoreError && LOST.has(error.code)) return false;
    throw error;
  }
}
