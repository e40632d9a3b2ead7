import type { UpstreamStore } from '#upstream/published';
import { askForRevision } from '../capture/ask-for-revision.js';
import { MOST_REVISION_LOOKS, type Release, type RevisionLook } from '../domain/upstream-snap/observation.js';
import type { SeenSnap } from '../domain/upstream-snap/state.js';
import { CatalogError } from '../errors.js';

/** A revision that a ring holds, and a device's architecture that it holds it for. */
export interface HeldRevision {
  readonly revision: number;
  readonly architecture: string;
}

interface Wanted extends HeldRevision {
  readonly held: boolean;
}

/**
 * Which revisions have to be asked for by number, since the channel map does not show them: those that are held, those that have just left
 * the map, and those that had vanished. One revision is one blob: the first architecture that it is known for will do.
 * @param architectures what the map was asked for
 */
export function revisionsToAsk(
  releases: readonly Release[],
  seen: Pick<SeenSnap, 'channels' | 'revisions'> | null,
  held: readonly HeldRevision[],
  architectures: readonly string[],
): readonly Wanted[] {
  const onMap = new Set(releases.map(({ revision }) => revision));
  const left = [...(seen?.channels.values() ?? [])].filter((each) =>
    architectures.includes(each.architecture),
  );
  const gone = [...(seen?.revisions ?? [])].flatMap(([revision, { architecture, offered }]) =>
    offered ? [] : [{ revision, architecture }],
  );
  const wanted = new Map<number, Wanted>();
  for (const { revision, architecture } of held) add({ revision, architecture, held: true });
  for (const { revision, architecture } of [...left, ...gone]) add({ revision, architecture, held: false });
  const all = [...wanted.values()];
  const others = all.filter((each) => !each.held).slice(0, MOST_REVISION_LOOKS);
  return [...all.filter((each) => each.held), ...others];

  function add(each: Wanted): void {
    if (!onMap.has(each.revision) && !wanted.has(each.revision)) wanted.set(each.revision, each);
  }
}

/**
 * Asks for each by its number. What a store says of another revision than was asked for says nothing about this one, and is left out.
 * @throws CatalogError, UpstreamError as {@link askForRevision}; CatalogError `metadata-disagrees`
 */
export async function lookAtRevisions(
  upstream: UpstreamStore,
  snap: { readonly name: string; readonly snapId: string },
  wanted: readonly Wanted[],
): Promise<RevisionLook[]> {
  const looks: RevisionLook[] = [];
  for (const { revision, architecture, held } of wanted) {
    const asked = await askForRevision(upstream, { name: snap.name, revision }, architecture).catch(unclear);
    if (asked === undefined) continue;
    if (asked.kind === 'not-there') {
      looks.push({ revision, architecture, version: null, offered: false, held });
      continue;
    }
    const { snapId, snap: object } = asked.offer;
    if (snapId !== snap.snapId)
      throw new CatalogError(
        'metadata-disagrees',
        `upstream gives revision ${revision} of ${snap.name} out as a revision of another snap, ${snapId}`,
      );
    const version = versionOf(object['version']);
    looks.push({ revision, architecture, version, offered: true, held });
  }
  return looks;
}

function unclear(error: unknown): undefined {
  if (error instanceof CatalogError && error.code === 'revision-not-found') return undefined;
  throw error;
}

function versionOf(version: unknown): string | null {
  return typeof version === 'string' && /^[\x20-\x7e]{1,64}$/.test(version) ? version : null;
}
