import type { JsonObject, JsonValue } from '#kernel';
import type { SnapCaptureManifest } from '#catalog/published';
import type { RingView } from './decide-action.js';
import { withOurAddresses } from './download-addresses.js';
import { isAnswerable, type AnswerableRelease, type HeldRelease } from './held-releases.js';
import { heldSnapObject, onlyFields, snapFileName } from './held-snap-object.js';
import { SNAP_MEMBERS } from './info-answer.js';
import { isObject, type Addresses } from './refresh-results.js';
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

/** Upstream's results as the ring would get them: of what is held, the held revision. */
export function patchedFind(
  ring: RingView,
  query: FindQuery,
  found: JsonObject,
  addresses: Addresses,
): JsonObject {
  const given = found['results'];
  const results = Array.isArray(given) ? (given as readonly JsonValue[]).filter(isObject) : [];
  const { results: _, ...rest } = found;
  return {
    ...(withOurAddresses(rest, addresses, 'snap') as JsonObject),
    results: results.flatMap((result) => patched(ring, query, result, addresses)),
  };
}

function patched(
  ring: RingView,
  { architecture }: FindQuery,
  result: JsonObject,
  addresses: Addresses,
): JsonObject[] {
  const ours = withOurAddresses(result, addresses, 'snap') as JsonObject;
  const { 'snap-id': snapId, revision } = ours;
  if (typeof snapId !== 'string' || !isObject(revision)) return [ours];
  const release = ring.held.find(snapId, channelOf(revision['channel']), architecture);
  if (!release) return [ours];
  // What is held and cannot be answered is better not found than found at another revision.
  if (!isAnswerable(release)) return [];
  return [{ ...ours, revision: heldRevision(release, addresses, revision['channel']) }];
}

/** What the manifests alone say: all that there is in a gated ring, and what is left of an open one without upstream. */
export function findInManifests(ring: RingView, query: FindQuery, addresses: Addresses): JsonObject {
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
  const file = snapFileName(manifest.name, manifest.version);
  const snap = heldSnapObject(manifest, undefined, addresses.kept(manifest.blob, file));
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
