import type { JsonObject, JsonValue } from '#kernel';
import { parseChannel, shortChannel } from '#snap';
import type { RingView } from './decide-action.js';
import { entryWithOurAddresses } from './download-addresses.js';
import { isAnswerable, type AnswerableRelease, type HeldRelease } from './held-releases.js';
import { heldSnapObject, onlyFields, snapFileName } from './held-snap-object.js';
import { isObject, keptAddress, snapIdOf, type Addresses } from './refresh-results.js';

export interface InfoQuery {
  readonly name: string;
  /** Undefined for all. */
  readonly architecture: string | undefined;
  /** Of a channel-map entry and of `snap`; undefined for all. */
  readonly fields: readonly string[] | undefined;
}

/** Upstream's answer (protocol page 5.1) as the ring would get it: each held channel shows the held revision, in its place in the map. */
export function patchedInfo(
  ring: RingView,
  query: InfoQuery,
  info: JsonObject,
  addresses: Addresses,
): JsonObject {
  const snapId = snapIdOf(info);
  const held = snapId === undefined ? [] : heldFor(ring, snapId, query);
  const waiting = new Map(
    held.map((release) => [keyOf(release.entry.architecture, release.entry.channel), release]),
  );
  const map: JsonObject[] = [];
  for (const item of channelMapOf(info)) {
    const key = entryKey(item);
    const release = key === undefined ? undefined : waiting.get(key);
    if (key !== undefined && release) {
      waiting.delete(key);
      if (isAnswerable(release)) map.push(heldEntry(release, query, addresses, releasedAt(item)));
    } else if (ring.access.passes(snapId)) {
      map.push(relayedEntry(item, query, addresses, snapId));
    }
  }
  for (const release of waiting.values()) {
    if (isAnswerable(release)) map.push(heldEntry(release, query, addresses, undefined));
  }
  const rest = entryWithOurAddresses({ ...info, 'channel-map': [] }, addresses, { snapId, file: 'snap' });
  return { ...rest, 'channel-map': map };
}

/** What the manifests alone say, for when upstream says nothing. @returns undefined when nothing of that name is held */
export function infoFromManifests(
  ring: RingView,
  query: InfoQuery,
  addresses: Addresses,
): JsonObject | undefined {
  const snapId = ring.held.snapNamed(query.name);
  const held = snapId === undefined ? [] : heldFor(ring, snapId, query).filter(isAnswerable);
  const [first] = held;
  if (snapId === undefined || !first) return undefined;
  const { manifest } = first;
  return {
    'channel-map': held.map((release) => heldEntry(release, query, addresses, undefined)),
    name: manifest.name,
    'snap-id': snapId,
    'default-track': manifest.defaultTrack,
    snap: onlyFields(heldSnapObject(manifest, undefined, ''), SNAP_MEMBERS),
  };
}

/** What an info answer says of the snap rather than of one revision of it (protocol page 5.1). */
export const SNAP_MEMBERS = [
  'categories',
  'contact',
  'description',
  'license',
  'links',
  'media',
  'name',
  'prices',
  'private',
  'publisher',
  'snap-id',
  'store-url',
  'summary',
  'title',
  'website',
];

/** What it says of each revision. */
const ENTRY_MEMBERS = [
  'architectures',
  'base',
  'common-ids',
  'confinement',
  'created-at',
  'download',
  'epoch',
  'revision',
  'type',
  'version',
];

function heldFor(ring: RingView, snapId: string, query: InfoQuery): readonly HeldRelease[] {
  return ring.held
    .of(snapId)
    .filter(({ entry }) => query.architecture === undefined || entry.architecture === query.architecture);
}

function heldEntry(
  { entry, manifest }: AnswerableRelease,
  query: InfoQuery,
  addresses: Addresses,
  released: JsonValue | undefined,
): JsonObject {
  const channel = parseChannel(entry.channel);
  const snap = heldSnapObject(manifest, undefined, keptAddress(manifest, addresses));
  const since = released ?? manifest.snap['created-at'];
  return {
    channel: {
      architecture: entry.architecture,
      name: shortChannel(channel),
      risk: channel.risk,
      track: channel.track,
      ...(since === undefined ? {} : { 'released-at': since }),
    },
    ...onlyFields(snap, fieldsOf(query)),
  };
}

function relayedEntry(
  item: JsonObject,
  query: InfoQuery,
  addresses: Addresses,
  snapId: string | undefined,
): JsonObject {
  const revision = typeof item['revision'] === 'number' ? item['revision'] : 0;
  const file = snapFileName(query.name, revision);
  const ours = entryWithOurAddresses(item, addresses, { snapId, file });
  return query.fields ? onlyFields(ours, ['channel', ...query.fields]) : ours;
}

function fieldsOf(query: InfoQuery): readonly string[] {
  return query.fields ? ENTRY_MEMBERS.filter((name) => query.fields?.includes(name)) : ENTRY_MEMBERS;
}

/** The entries of an info's channel map. */
export function channelMapOf(info: JsonObject): readonly JsonObject[] {
  const map = info['channel-map'];
  return Array.isArray(map) ? (map as readonly JsonValue[]).filter(isObject) : [];
}

/** `architecture track/risk[/branch]`; undefined for an entry whose channel cannot be read: it is not one of ours. */
export function entryKey(item: JsonObject): string | undefined {
  const { channel } = item;
  if (!isObject(channel)) return undefined;
  const { architecture, track, risk, name } = channel;
  // A branch stands in the name only: `stable/fix-1`.
  const branch =
    typeof name === 'string' ? /(?:^|\/)(?:stable|candidate|beta|edge)\/([^/]+)$/.exec(name)?.[1] : undefined;
  if (typeof architecture !== 'string' || typeof track !== 'string' || typeof risk !== 'string')
    return undefined;
  return keyOf(architecture, [track, risk, branch].filter((part) => part !== undefined).join('/'));
}

function keyOf(architecture: string, channel: string): string {
  return `${architecture} ${channel}`;
}

function releasedAt(item: JsonObject): JsonValue | undefined {
  return isObject(item['channel']) ? item['channel']['released-at'] : undefined;
}
