import { BlobStoreError, type BlobDigest, type BlobReader } from '#blob-store/port';
import { artefactOf } from '../backup/back-up-blobs.js';
import { openKept } from '../scrub/open-kept.js';
import type { KeptPlace } from './writable-kept.js';

/**
 * What a restored history approved and cannot serve: of the capture manifests that its events name, and the artefacts that these name, those
 * that the kept blobs do not have. A tail brings events and no blobs.
 * @throws BlobStoreError `unavailable`
 */
export async function lackingBlobs(
  manifests: ReadonlySet<BlobDigest>,
  { blobs, keptDir }: Pick<KeptPlace, 'blobs' | 'keptDir'>,
): Promise<readonly BlobDigest[]> {
  const kept = await openKept(blobs, keptDir);
  try {
    return await lackingIn(kept.blobs, manifests);
  } finally {
    kept.close();
  }
}

async function lackingIn(kept: BlobReader, manifests: ReadonlySet<BlobDigest>): Promise<BlobDigest[]> {
  const lacking = new Set<BlobDigest>();
  for (const manifest of manifests) {
    if ((await kept.size(manifest)) === undefined) {
      lacking.add(manifest);
      continue;
    }
    try {
      const artefact = await artefactOf(manifest, kept);
      if (artefact !== undefined && (await kept.size(artefact)) === undefined) lacking.add(artefact);
    } catch (error) {
      if (!(error instanceof BlobStoreError) || error.code === 'unavailable') throw error;
      lacking.add(manifest);
    }
  }
  return [...lacking].sort();
}
