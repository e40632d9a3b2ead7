import type { JsonObject } from '#kernel';
import { isAnswerable, type HeldReleases } from './held-releases.js';

/**
 * The catalogue of a gated ring (protocol page 5.5): what is held. Which programs a snap has is not said, so the shell's "command not found"
 * knows of none. snapd's parser wants the first five tokens to be exactly these.
 */
export function namesAnswer(held: HeldReleases): JsonObject {
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
  return { _embedded: { 'clickindex:package': [...byName.values()] } };
}

/** Sections and categories are upstream's shop window: a gated ring has none. */
export const NO_SECTIONS: JsonObject = { _embedded: { 'clickindex:sections': [] } };
export const NO_CATEGORIES: JsonObject = { categories: [] };
