import type { JsonValue } from '#kernel';
import { isJsonObject } from '../json-shape.js';
import { MOST_PACKAGES, PACKAGE, type Packages } from '../manifest/inside.js';
import { readYaml } from './read-yaml.js';

/** Lists of packages that end up in the snap: of all of it, and of each part. What was there when it was built is of no interest. */
const LISTS = ['primed-stage-packages', 'stage-packages'];

/**
 * Reads the packages of a `snap/manifest.yaml` that snapcraft wrote. It is hostile text.
 * @param largest bytes
 */
export function readPackages(text: string, largest: number): Packages {
  const read = readYaml(text, largest);
  if (!read.ok) return { why: read.why };
  const { parts } = read.yaml;
  const places = [read.yaml, ...(isJsonObject(parts) ? Object.values(parts) : [])];
  const said = new Set(places.flatMap(packagesIn));
  const names = [...said].filter((name) => PACKAGE.test(name)).sort();
  const kept = names.slice(0, MOST_PACKAGES);
  return { names: kept, left: said.size - kept.length };
}

/** Those of a version: of a part's, its author may have named some without. */
function packagesIn(place: JsonValue): string[] {
  if (!isJsonObject(place)) return [];
  return LISTS.flatMap((list) => {
    const packages = place[list];
    return Array.isArray(packages) ? packages.filter((name) => typeof name === 'string') : [];
  }).filter((name) => name.includes('='));
}
