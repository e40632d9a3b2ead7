import type { JsonObject, JsonValue } from '#kernel';
import type { SnapCaptureManifest } from '#catalog/published';
import type { RingView } from './decide-action.js';
import { entryWithOurAddresses } from './download-addresses.js';
import { isAnswerable, type AnswerableRelease, type HeldRelease } from './held-releases.js';
import { heldSnapObject, onlyFields } from './held-snap-object.js';
import { SNAP_MEMBERS } from './info-answer.js';
import { isObject, keptAddress, snapIdOf, type Addresses } from './refresh-results.js';
import { resolveChannel, shortened } from './resolve-channel.js';

/** What a search asks (protocol page 5.2), as far as it matters to what is held. */
export interface FindQuery {
  readonly architecture: string;
  readonly q: string | undefined;
  /** The beginning of a name. */
  readonly name: string | undefined;
  readonly commonId: string | undefined;
  readonly category: string | undefined;
  /** Full form; undefined for a wide search. */
  readonly channel: string | undefined;
  /** Only what the user's own account may see: nothing that a site holds. */
  readonly private: boolean;
}

/**
 * Upstream's results as the ring would get them: of what is held, the held revision; of what its access policy keeps away, nothing.
 */
export function patchedFind(
  ring: RingView,
  query: FindQuery,
  found: JsonObject,
  addresses: Addresses,
): JsonObject {
  const given = found['results'];
  const results = Array.isArray(given) ? (given as readonly JsonValue[]).filter(isObject) : [];
  const { results: _, ...rest } = found;
  const passed = results.flatMap((result) => patched(ring, query, result, addresses));
  const known = new Set(passed.map(snapIdOf));
  const held = ring.access.isGated ? findInManifests(ring, query, addresses).results : [];
  const others = held.filter((result) => !known.has(snapIdOf(result)));
  return {
    ...entryWithOurAddresses(rest, addresses, { snapId: undefined, file: 'snap' }),
    results: [...passed, ...others],
  };
}

function patched(
  ring: RingView,
  { architecture }: FindQuery,
  result: JsonObject,
  addresses: Addresses,
): JsonObject[] {
  const snapId = snapIdOf(result);
  const ours = entryWithOurAddresses(result, addresses, { snapId, file: 'snap' });
  const { revision } = ours;
  const passed = ring.access.passes(snapId) ? [ours] : [];
  if (snapId === undefined || !isObject(revision)) return passed;
  const release = ring.held.find(snapId, channelOf(revision['channel']), architecture);
  if (!release) return passed;
  // What is held and cannot be answered is better not found than found at another revision.
  if (!isAnswerable(release)) return [];
  return [{ ...ours, revision: heldRevision(release, addresses, revision['channel']) }];
}

/** What the manifests alone say: all that there is in a gated ring, and what is left of an open one without upstream. */
export function findInManifests(
  ring: RingView,
  query: FindQuery,
  addresses: Addresses,
): { readonly results: readonly JsonObject[] } {
  const bySnap = new Map<string, HeldRelease[]>();
  for (const release of ring.held.all) {
    const { architecture, subject, format } = release.entry;
    if (format !== 'snap' || architecture !== query.architecture) continue;
    bySnap.set(subject, [...(bySnap.get(subject) ?? []), release]);
  }
  const results = [...bySnap.values()].flatMap((releases) => {
    const release = shownOf(releases.filter(isAnswerable), query.channel);
    if (!release || !matches(release.manifest, query)) return [];
    const { manifest, entry } = release;
    return [
      {
        name: manifest.name,
        'snap-id': manifest.subject,
        snap: onlyFields(heldSnapObject(manifest, undefined, ''), SNAP_MEMBERS),
        revision: heldRevision(release, addresses, shortened(entry.channel)),
      },
    ];
  });
  return { results };
}

/** In the asked channel; in a wide search `latest/stable`, or else whichever is held. */
function shownOf(
  releases: readonly AnswerableRelease[],
  channel: string | undefined,
): AnswerableRelease | undefined {
  const wanted = releases.find(({ entry }) => entry.channel === (channel ?? 'latest/stable'));
  return wanted ?? (channel === undefined ? releases[0] : undefined);
}

function matches(manifest: SnapCaptureManifest, query: FindQuery): boolean {
  if (query.private || query.category !== undefined) return false;
  if (query.name !== undefined && !manifest.name.startsWith(query.name)) return false;
  const { title, summary, 'common-ids': ids } = manifest.snap;
  if (query.commonId !== undefined && !(Array.isArray(ids) && ids.includes(query.commonId))) return false;
  const text = [manifest.name, title, summary].filter((part) => typeof part === 'string').join(' ');
  const words = (query.q ?? '').toLowerCase().split(/\s+/);
  return words.every((word) => text.toLowerCase().includes(word));
}

const REVISION_MEMBERS = ['base', 'common-ids', 'confinement', 'download', 'revision', 'type', 'version'];

function heldRevision(
  { manifest }: AnswerableRelease,
  addresses: Addresses,
  channel: JsonValue | undefined,
): JsonObject {
  const snap = heldSnapObject(manifest, undefined, keptAddress(manifest, addresses));
  return { channel: channel ?? 'stable', ...onlyFields(snap, REVISION_MEMBERS) };
}

/** Upstream is not trusted to write channels well: what is none finds nothing that is held. */
function channelOf(value: JsonValue | undefined): string {
  try {
    return resolveChannel(typeof value === 'string' && value !== '' ? value : undefined, undefined).full;
  } catch {
    return '';
  }
}
