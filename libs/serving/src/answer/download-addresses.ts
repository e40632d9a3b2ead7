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

/**
 * A copy of what upstream said in which every address that a device may fetch is ours: `download`, its `deltas`, `resources`, and whatever
 * later has the same form. What has an address but no digest (icons) cannot be verified, so it is left out with its address. Plain links for
 * people (`website`, `contact`) are no such thing and stay.
 */
export function withOurAddresses(
  value: JsonValue,
  address: AddressRelayed,
  file: string,
): JsonValue | undefined {
  if (Array.isArray(value)) {
    const items = (value as readonly JsonValue[]).map((item) => withOurAddresses(item, address, file));
    return items.filter((item) => item !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value;
  return ourObject(value as JsonObject, address, file);
}

function ourObject(object: JsonObject, address: AddressRelayed, file: string): JsonObject | undefined {
  const members: Record<string, JsonValue> = {};
  for (const [name, member] of Object.entries(object)) {
    const ours = withOurAddresses(member, address, file);
    if (ours !== undefined) members[name] = ours;
  }
  if (!('url' in object)) return members;
  const artefact = artefactOf(object);
  return artefact && { ...members, url: address(artefact, file) };
}

function artefactOf(object: JsonObject): RelayedArtefact | undefined {
  const { url, size, 'sha3-384': digest } = object;
  if (typeof url !== 'string' || !/^https?:\/\//.test(url)) return undefined;
  if (typeof digest !== 'string' || !/^[0-9a-f]{96}$/.test(digest)) return undefined;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 1) return undefined;
  return { upstream: url, sha3_384: digest, size };
}
