import type { JsonObject, JsonValue } from '#kernel';
import { sha256Hex } from '#kernel';

/** What of who asks decides what upstream answers. */
export interface Asker {
  /** The brand store, empty for none. */
  readonly store: string;
  /** Whose device the session proves it to be; undefined where it proves nothing. */
  readonly proved: { readonly brand: string; readonly model: string } | undefined;
  /** As upstream gets them, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Headers that describe one device or one call, and change no answer. */
const OF_ONE_CALL = [
  'snap-cdn',
  'snap-client-user-agent',
  'snap-device-authorization',
  'snap-device-location',
  'snap-refresh-managed',
  'snap-refresh-reason',
];

/**
 * Names a question: the same name, the same answer. All of a device's own headers vary it but those that are known not to, so that what a newer
 * snapd says is not taken for the same. What a user's credentials open is that user's alone. In a brand's store a session is what lets a device
 * in, so only devices of a brand and model that upstream accepted get each other's answers; in the public store it opens nothing.
 * @returns SHA-256 in hex: credentials are not written anywhere
 */
export function questionName(kind: string, { store, proved, headers }: Asker, asked: JsonValue): string {
  const varying = Object.keys(headers)
    .filter((name) => /^(?:snap-|x-ubuntu-|authorization$)/.test(name) && !OF_ONE_CALL.includes(name))
    .sort()
    .map((name) => [name, headers[name]]);
  const device = store === '' ? null : proved ? [proved.brand, proved.model] : 'unproved';
  return sha256Hex(Buffer.from(JSON.stringify(['v1', kind, store, device, varying, asked])));
}

/** What a device asks of one snap, without what only tells its actions apart. */
export function askedOfSnap(
  action: JsonValue,
  context: JsonObject | undefined,
  fields: JsonValue,
): JsonValue {
  return [
    without(action, ['instance-key']),
    without(context ?? null, ['instance-key', 'refreshed-date']),
    fields,
  ];
}

function without(value: JsonValue, names: readonly string[]): JsonValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}
