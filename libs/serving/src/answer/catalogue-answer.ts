import type { JsonObject, JsonValue } from '#kernel';
import type { RingAccess } from '../policy/ring-access.js';
import { isAnswerable, type HeldReleases } from './held-releases.js';
import { isObject } from './refresh-results.js';

/**
 * The catalogue of a gated ring (protocol page 5.5): what is held. Which programs a snap has is not said, so the shell's "command not found"
 * knows of none.
 */
export function namesAnswer(held: HeldReleases): JsonObject {
  return catalogue(heldPackages(held).toSorted(byName));
}

/**
 * Upstream's catalogue as the ring would have it. It knows of names only, so a snap is passed over by the name that it was denied under; what a device
 * then asks for is judged by its id.
 */
export function patchedNames(access: RingAccess, held: HeldReleases, names: JsonObject): JsonObject {
  const embedded = names['_embedded'];
  const given = isObject(embedded) ? embedded['clickindex:package'] : undefined;
  const packages = Array.isArray(given) ? (given as readonly JsonValue[]).filter(isObject) : [];
  const passed = packages.filter(
    ({ package_name: name }) => typeof name === 'string' && access.showsName(name),
  );
  if (!access.isGated) return catalogue(passed);
  const known = new Set(passed.map(({ package_name: name }) => name));
  const others = heldPackages(held).filter(({ package_name: name }) => !known.has(name));
  return catalogue([...passed, ...others].toSorted(byName));
}

function heldPackages(held: HeldReleases): JsonObject[] {
  const byName = new Map<string, JsonObject>();
  for (const release of held.all) {
    if (release.entry.format !== 'snap' || !isAnswerable(release)) continue;
    const { name, snap } = release.manifest;
    const text = (member: string): string => (typeof snap[member] === 'string' ? snap[member] : '');
    byName.set(name, {
      package_name: name,
      version: text('version'),
      summary: text('summary'),
      title: text('title'),
      aliases: [],
      apps: [],
    });
  }
  return [...byName.values()];
}

/** snapd writes the names to a file as they come, and the shell's completion stops reading it at the first name that is past what was typed. */
function byName(one: JsonObject, other: JsonObject): number {
  return nameOf(one) < nameOf(other) ? -1 : 1;
}

function nameOf({ package_name: name }: JsonObject): string {
  return typeof name === 'string' ? name : '';
}

/** snapd's parser wants the first five tokens to be exactly these. */
function catalogue(packages: readonly JsonObject[]): JsonObject {
  return { _embedded: { 'clickindex:package': packages } };
}

/** Sections and categories are upstream's shop window: a gated ring has none. */
export const NO_SECTIONS: JsonObject = { _embedded: { 'clickindex:sections': [] } };
export const NO_CATEGORIES: JsonObject = { categories: [] };
