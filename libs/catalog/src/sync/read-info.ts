import { fullChannel, isAccountId, isSnapId, parseChannel } from '#snap';
import { CatalogError } from '../errors.js';
import { MOST_RELEASES, releaseKey, type Release } from '../domain/upstream-snap/observation.js';
import { isCount, isJsonObject, shallowJson } from '../json-shape.js';

/** What `info` says of a snap for one architecture: believed in nothing that a declaration says otherwise. */
export interface SnapInfo {
  readonly snapId: string;
  readonly name: string;
  readonly publisher: string;
  readonly releases: readonly Release[];
}

/** What of the answer is looked at; each entry of the map has its channel besides. */
export const INFO_FIELDS = ['channel-map', 'name', 'publisher', 'revision', 'snap-id', 'version'];

/** A snap's version is at most 32 characters (snapd); some stores had longer ones. Printable ASCII, so that an event's size is known. */
const VERSION = /^[\x20-\x7e]{1,64}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const LARGEST_REVISION = 2 ** 31 - 1;
const LONGEST_CHANNEL = 160;

/**
 * Reads the answer of `GET /v2/snaps/info/{name}` (protocol page, section 5.1). Entries of other architectures are passed over: a store may
 * ignore the question.
 * @throws CatalogError `malformed-metadata`, naming the member; SnapError `malformed-channel`
 */
export function readInfo(answer: unknown, architecture: string): SnapInfo {
  const info = shallowJson(answer);
  if (!isJsonObject(info)) throw malformed('its members');
  const { snap, 'snap-id': snapId, name } = info;
  const publisher = isJsonObject(snap) && isJsonObject(snap['publisher']) ? snap['publisher']['id'] : null;
  if (typeof snapId !== 'string' || !isSnapId(snapId)) throw malformed('snap-id');
  if (typeof name !== 'string') throw malformed('name');
  if (typeof publisher !== 'string' || !isAccountId(publisher)) throw malformed('publisher');
  return { snapId, name, publisher, releases: readMap(info['channel-map'], architecture) };
}

function readMap(map: unknown, architecture: string): Release[] {
  // A store in Go writes an empty list as null.
  if (map === null) return [];
  if (!Array.isArray(map)) throw malformed('channel-map');
  const releases = new Map<string, Release>();
  for (const entry of map as readonly unknown[]) {
    const release = readEntry(entry, architecture);
    if (!release) continue;
    const key = releaseKey(release);
    if (releases.has(key)) throw malformed(`one entry for ${key} (it has two)`);
    releases.set(key, release);
    if (releases.size > MOST_RELEASES) throw malformed(`a channel-map of at most ${MOST_RELEASES} entries`);
  }
  return [...releases.values()];
}

/** Undefined for another architecture, also for one that this site, and this release, have never heard of. */
function readEntry(entry: unknown, asked: string): Release | undefined {
  if (!isJsonObject(entry)) throw malformed('an entry of the channel-map');
  const { channel, revision, version } = entry;
  if (!isJsonObject(channel)) throw malformed('channel');
  const { architecture } = channel;
  if (typeof architecture !== 'string') throw malformed('channel architecture');
  if (architecture !== asked) return undefined;
  const { name, track, 'released-at': releasedAt } = channel;
  if (typeof name !== 'string' || typeof track !== 'string' || name.length > LONGEST_CHANNEL)
    throw malformed('channel name');
  if (typeof releasedAt !== 'string' || !TIME.test(releasedAt)) throw malformed('released-at');
  if (!isCount(revision) || revision === 0 || revision > LARGEST_REVISION) throw malformed('revision');
  if (typeof version !== 'string' || !VERSION.test(version)) throw malformed('version');
  // `stable` of track latest, `2.0/stable` of any other; a branch comes behind.
  const parsed = parseChannel(name, track);
  if (parsed.track !== track) throw malformed('a channel name of its track');
  return { channel: fullChannel(parsed), architecture, revision, version, releasedAt };
}

function malformed(what: string): CatalogError {
  return new CatalogError(
    'malformed-metadata',
    `upstream's answer about a snap's channels lacks ${what}, or has it in another form`,
  );
}
