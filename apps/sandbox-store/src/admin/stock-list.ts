import type { SnapShelf } from '../catalogue/snap-shelf.js';
import type { JsonObject } from '../store-api/snap-object.js';

/** Everything that the store has, for whoever administers it. */
export function stockList(snaps: readonly SnapShelf[]): JsonObject[] {
  return snaps.map((shelf) => ({
    name: shelf.identity.name,
    'snap-id': shelf.identity.snapId,
    'default-track': shelf.defaultTrack,
    revisions: shelf.revisions.map(({ number, version, architectures, blob, sha3_384 }) => ({
      revision: number,
      version,
      architectures,
      size: blob.length,
      'sha3-384': sha3_384.toString('hex'),
    })),
    releases: shelf.channels.all(),
  }));
}
