import type { JsonObject, JsonValue } from '#kernel';

/** Something of upstream's that a device may fetch through us. */
export interface RelayedArtefact {
  /** `relayed`: upstream's answer passes. `delta`: towards what the ring holds. */
  readonly from: 'relayed' | 'delta';
  /** Whose it is; undefined where upstream did not say. */
  readonly snapId: string | undefined;
  readonly upstream: string;
  readonly sha3_384: string;
  /** Bytes. */
  readonly size: number;
}

/** Makes an address of ours. @param file the last part of its path, a name for people */
export type AddressRelayed = (artefact: RelayedArtefact, file: string) => string;

/** Makes an address of ours for a picture of upstream's. */
export type AddressMedia = (upstream: string, snapId: string | undefined) => string;

/** What addresses are made for. */
export interface Addressed {
  readonly snapId: string | undefined;
  /** The last part of an artefact's path. */
  readonly file: string;
}

export interface RelayedAddresses {
  readonly relayed: AddressRelayed;
  readonly media: AddressMedia;
}

/**
 * A copy of what upstream said in which every address that a device may fetch is ours: `download`, its `deltas`, `resources`, `media`, and
 * whatever later has the same form. What is no picture and has no digest cannot be verified, so it is left out with its address. Plain links
 * for people (`website`, `contact`) are no such thing and stay.
 */
function withOurAddresses(
  value: JsonValue,
  addresses: RelayedAddresses,
  of: Addressed,
): JsonValue | undefined {
  if (Array.isArray(value)) {
    const items = (value as readonly JsonValue[]).map((item) => withOurAddresses(item, addresses, of));
    return items.filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  return ourObject(value as JsonObject, addresses, of);
}

/**
 * The same of what is no thing to fetch itself: an answer, one of its results, a channel of a map. An address right in it is of nothing that a device
 * fetches there, and is left out alone, not with all that is beside it.
 */
export function entryWithOurAddresses(
  { url: _, ...entry }: JsonObject,
  addresses: RelayedAddresses,
  of: Addressed,
): JsonObject {
  return ourMembers(entry, addresses, of);
}

function ourObject(object: JsonObject, addresses: RelayedAddresses, of: Addressed): JsonObject | undefined {
  const members = ourMembers(object, addresses, of);
  const { url, type } = object;
  if (url === undefined) return members;
  if (typeof url !== 'string' || !/^https?:\/\//.test(url)) return undefined;
  if (typeof type === 'string' && PICTURES.includes(type))
    return { ...members, url: addresses.media(url, of.snapId) };
  const artefact = artefactOf(object, url, of.snapId);
  return artefact && { ...members, url: addresses.relayed(artefact, of.file) };
}

function ourMembers(object: JsonObject, addresses: RelayedAddresses, of: Addressed): JsonObject {
  const members: Record<string, JsonValue> = {};
  for (const [name, member] of Object.entries(object)) {
    const ours = withOurAddresses(member, addresses, of);
    if (ours !== undefined) members[name] = ours;
  }
  return members;
}

/** Of `media` (protocol page 4.3). A video is somebody else's page, mostly. */
const PICTURES = ['icon', 'screenshot', 'banner'];

function artefactOf(
  { size, 'sha3-384': digest }: JsonObject,
  url: string,
  snapId: string | undefined,
): RelayedArtefact | undefined {
  if (typeof digest !== 'string' || !/^[0-9a-f]{96}$/.test(digest)) return undefined;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 1) return undefined;
  return { from: 'relayed', snapId, upstream: url, sha3_384: digest, size };
}
