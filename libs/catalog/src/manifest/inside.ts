import { CatalogError } from '../errors.js';
import { isCount, isJsonObject, isStringList } from '../json-shape.js';

/** Packages of a snap, as its build recorded them in `snap/manifest.yaml`. */
export type Packages =
  /** `name=version`, in order, each once; `left`: how many there was no room for, or that are none. */
  { readonly names: readonly string[]; readonly left: number } | { readonly why: string };

/** What a snap's own file says, or why it could not be opened. */
export type Inside =
  | {
      readonly opened: true;
      /** Its `meta/snap.yaml`, where it is another text than the store shows; null where it is the same. */
      readonly snapYaml: string | null;
      /** Null where the snap carries no list of them. */
      readonly packages: Packages | null;
    }
  | { readonly opened: false; readonly why: string };

export const MOST_PACKAGES = 2_000;
/** A package as Debian spells it, `name=version`; a name may have its architecture. */
export const PACKAGE = /^[a-z0-9][a-z0-9.+:-]{0,99}=[A-Za-z0-9.+:~-]{1,99}$/;

/** @throws CatalogError `malformed-manifest` */
export function readInside(value: unknown): Inside {
  check(isJsonObject(value) && typeof value['opened'] === 'boolean');
  if (!value['opened']) {
    check(typeof value['why'] === 'string');
    return { opened: false, why: value['why'] };
  }
  const { snapYaml, packages } = value;
  check(snapYaml === null || typeof snapYaml === 'string');
  return { opened: true, snapYaml, packages: packages === null ? null : packagesOf(packages) };
}

function packagesOf(value: unknown): Packages {
  check(isJsonObject(value));
  const { names, left, why } = value;
  if (typeof why === 'string') return { why };
  check(isStringList(names) && names.length <= MOST_PACKAGES && names.every((name) => PACKAGE.test(name)));
  check(isCount(left));
  return { names, left };
}

function check(holds: boolean): asserts holds {
  if (!holds)
    throw new CatalogError(
      'malformed-manifest',
      'a capture manifest lacks inside, or has it in another form',
    );
}
