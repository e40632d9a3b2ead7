import { join } from 'node:path';
import type { HeldReleases } from '../answer/held-releases.js';
import { FOLDER_OF } from './artefact-cache.js';

/** Where the cache has what a ring holds, once it was fetched. @param root the cache folder */
export function heldCopies(root: string, held: HeldReleases): ReadonlySet<string> {
  const digests = held.all.flatMap(({ manifest }) => (manifest ? [manifest.blob.sha3_384] : []));
  return new Set(digests.map((digest) => join(root, FOLDER_OF.kept, digest)));
}
