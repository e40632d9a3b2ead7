import type { Clock } from '#kernel';
import type { TrustRoots } from '#snap';
import type { UpstreamStore } from '#upstream/published';
import { MOST_RELEASES, type Observation, type Release } from '../domain/upstream-snap/observation.js';
import type { SeenSnap } from '../domain/upstream-snap/state.js';
import type { WatchedSnap } from '../domain/watch-list/watch-list.js';
import { CatalogError } from '../errors.js';
import { lookAtRevisions, revisionsToAsk, type HeldRevision } from './look-at-revisions.js';
import { readDeclaration, type DeclaredSnap } from './read-declaration.js';
import { infoFor } from './info-for.js';
import type { SnapInfo } from './read-info.js';

export interface ObservePorts {
  readonly upstream: UpstreamStore;
  readonly roots: TrustRoots;
  /** The site's: of others nothing is asked. */
  readonly architectures: readonly [string, ...string[]];
  readonly clock: Clock;
}

/** What is known of a snap before a look. */
export interface KnownSnap {
  readonly seen: SeenSnap | null;
  readonly held: readonly HeldRevision[];
}

/**
 * Looks at a snap upstream: its declaration, by the snap's id and verified; its channel map, under the name that the declaration gives; and
 * the revisions that the map no longer shows. All of it, or an error: there is no half an observation.
 * @param recall what is known of the snap, once its id is
 * @throws CatalogError, SnapError, UpstreamError: each with the exact reason
 */
export async function observeSnap(
  watched: WatchedSnap,
  ports: ObservePorts,
  recall: (snapId: string) => Promise<KnownSnap>,
): Promise<Observation> {
  const { upstream, architectures } = ports;
  const snapId = watched.snapId ?? (await infoFor(watched.name, architectures[0], upstream)).snapId;
  const { name, ...declared } = await readDeclaration(snapId, ports);
  const { seen, held } = await recall(snapId);
  if (declared.declaration.revoked) {
    const lastName = seen?.name ?? watched.name;
    return { snapId, name: lastName, architectures, releases: null, revisions: [], ...declared };
  }
  const releases: Release[] = [];
  for (const architecture of architectures) {
    const info = await infoFor(name, architecture, upstream);
    checkInfo(info, { snapId, name, ...declared });
    releases.push(...info.releases);
  }
  if (releases.length > MOST_RELEASES)
    throw new CatalogError('malformed-metadata', `${name} has more than ${MOST_RELEASES} open channels`);
  const wanted = revisionsToAsk(releases, seen, held, architectures);
  const revisions = await lookAtRevisions(upstream, { name, snapId }, wanted);
  return { snapId, name, architectures, releases, revisions, ...declared };
}

/** @throws CatalogError `metadata-disagrees` */
function checkInfo(
  info: SnapInfo,
  declared: Omit<DeclaredSnap, 'declaration'> & { readonly snapId: string },
): void {
  const { snapId, name, publisher } = declared;
  const says = `upstream's answer about ${name}`;
  if (info.snapId !== snapId)
    throw new CatalogError('metadata-disagrees', `${says} is about ${info.snapId}, it should be ${snapId}`);
  if (info.name !== name)
    throw new CatalogError('metadata-disagrees', `${says} is about a snap named ${info.name.slice(0, 40)}`);
  if (info.publisher !== publisher)
    throw new CatalogError(
      'metadata-disagrees',
      `${says} has ${info.publisher} for its publisher, its snap-declaration has ${publisher}`,
    );
}
