import type { JsonObject, JsonValue } from '#kernel';
import type { SnapCaptureManifest } from '#catalog/published';

interface Made {
  readonly fields: readonly string[] | undefined;
  readonly address: string;
  readonly object: JsonObject;
}

/** The last one made of each manifest: a fleet's devices ask for the same fields at the same address. */
const lastMade = new WeakMap<SnapCaptureManifest, Made>();

/**
 * The snap object (protocol page 4.3) of a captured revision. Nothing in it leads anywhere but to us: no icons, and no deltas, which upstream has.
 * @param fields what the device asked for; all when it didn't say
 * @param address ours, of the kept artefact
 * @returns the same object for the same questions, so that it can be serialised once: never change it
 */
export function heldSnapObject(
  manifest: SnapCaptureManifest,
  fields: readonly string[] | undefined,
  address: string,
): JsonObject {
  const last = lastMade.get(manifest);
  if (last && last.address === address && sameFields(last.fields, fields)) return last.object;
  const object = makeObject(manifest, fields, address);
  lastMade.set(manifest, { fields, address, object });
  return object;
}

function sameFields(last: readonly string[] | undefined, asked: readonly string[] | undefined): boolean {
  if (last === undefined || asked === undefined) return last === asked;
  return last.length === asked.length && last.every((field, i) => field === asked[i]);
}

function makeObject(
  manifest: SnapCaptureManifest,
  fields: readonly string[] | undefined,
  address: string,
): JsonObject {
  const all: Record<string, JsonValue> = {
    prices: {},
    private: false,
    ...manifest.snap,
    architectures: [...manifest.architectures],
    name: manifest.name,
    'snap-id': manifest.subject,
    revision: Number(manifest.version),
    media: [],
    resources: [],
    download: { url: address, size: manifest.blob.size, 'sha3-384': manifest.blob.sha3_384, deltas: [] },
  };
  return fields ? onlyFields(all, fields) : all;
}

/** Exactly the members that were asked for, as far as there are. */
export function onlyFields(object: JsonObject, fields: readonly string[]): JsonObject {
  const asked: Record<string, JsonValue> = {};
  for (const field of fields) {
    const value = Object.hasOwn(object, field) ? object[field] : undefined;
    if (value !== undefined) asked[field] = value;
  }
  return asked;
}

/** The last part of a download's path: for people, and for what names files by it. */
export function snapFileName(name: string, revision: string | number): string {
  return `${/^[a-z0-9-]+$/.test(name) ? name : 'snap'}_${revision}.snap`;
}
