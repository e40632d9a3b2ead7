import type { JsonObject, JsonValue } from '#kernel';

/** Something of upstream's that a device may fetch through us. */
export interface RelayedArtefact {
  readonly upstream: string;
  readonly sha3_384: string;
  /** Bytes. */
  readonly size: number;
}

/** Makes an address of ours. @param file the last part of its path, a name for people */
export type AddressRelayed = (artefact: RelayedArtefact, file: string) => string;

/** Makes an address of ours for a picture of upstream's. */
export type AddressMedia = (upstream: string) => string;

export interface RelayedAddresses {
  readonly relayed: AddressRelayed;
  readonly media: AddressMedia;
}

/**
 * A copy of what upstream said in which every address that a device may fetch is ours: `download`, its `deltas`, `resources`, `media`, and
 * whatever later has the same form. What is no picture and has no digest cannot be verified, so it is left out with its address. Plain links
 * for people (`website`, `contact`) are no such thing and stay.
 */
export function withOurAddresses(
  value: JsonValue,
  addresses: RelayedAddresses,
  file: string,
): JsonValue | undefined {
  if (Array.isArray(value)) {
    const items = (value as readonly JsonValue[]).map((item) => withOurAddresses(item, addresses, file));
    return items.filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  return ourObject(value as JsonObject, addresses, file);
}

function ourObject(object: JsonObject, addresses: RelayedAddresses, file: string): JsonObject | undefined {
  const members: Record<string, JsonValue> = {};
  for (const [name, member] of Object.entries(object)) {
    const ours = withOurAddresses(member, addresses, file);
    if (ours !== undefined) members[name] = ours;
  }
  const { url, type } = object;
  if (url === undefined) return members;
  if (typeof url !== 'string' || !/^https?:\/\//.test(url)) return undefined;
  if (typeof type === 'string' && PICTURES.includes(type)) return { ...members, url: addresses.media(url) };
  const artefact = artefactOf(object, url);
  return artefact && { ...members, url: addresses.relayed(artefact, file) };
}

/** Of `media` (protocol page 4.3). A video is somebody else's page, mostly. */
const PICTURES = ['icon', 'screenshot', 'banner'];

function artefactOf({ size, 'sha3-384': digest }: JsonObject, url: string): RelayedArtefact | undefined {
  if (typeof digest !== 'string' || !/^[0-9a-f]{96}$/.test(digest)) return undefined;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 1) return undefined;
  return { upstream: url, sha3_384: digest, size };
}
