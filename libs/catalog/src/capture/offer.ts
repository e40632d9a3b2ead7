import type { JsonObject } from '#kernel';
import { CatalogError } from '../errors.js';
import { isCount, isJsonObject, isStringList, shallowJson } from '../json-shape.js';

/** What upstream says of one revision: believed in nothing until assertions say the same. */
export interface Offer {
  readonly name: string;
  readonly snapId: string;
  readonly revision: number;
  /** `["all"]` or Debian architectures. */
  readonly architectures: readonly string[];
  readonly publisherId: string;
  readonly download: { readonly url: string; readonly size: number; readonly sha3_384: string };
  /** The whole snap object (protocol page, 4.3). */
  readonly snap: JsonObject;
}

/**
 * Reads a snap object. Everything that a device needs to install must be there.
 * @throws CatalogError `malformed-metadata`, naming the member
 */
export function readOffer(value: unknown): Offer {
  const snap = shallowJson(value);
  if (!isJsonObject(snap)) throw malformed('a snap object');
  for (const name of ['version', 'type', 'confinement']) text(snap, name);
  const { publisher, architectures, revision, download } = snap;
  if (!isJsonObject(publisher)) throw malformed('publisher');
  if (!isStringList(architectures) || architectures.length === 0) throw malformed('architectures');
  if (!isCount(revision) || revision === 0) throw malformed('revision');
  return {
    name: text(snap, 'name'),
    snapId: text(snap, 'snap-id', /^[a-zA-Z0-9]{32}$/),
    revision,
    architectures,
    publisherId: text(publisher, 'id'),
    download: readDownload(download),
    snap,
  };
}

function readDownload(download: unknown): Offer['download'] {
  if (!isJsonObject(download)) throw malformed('download');
  const { size } = download;
  if (!isCount(size)) throw malformed('download size');
  return { url: text(download, 'url'), size, sha3_384: text(download, 'sha3-384', /^[0-9a-f]{96}$/) };
}

function text(object: JsonObject, name: string, pattern = /./): string {
  const value = object[name];
  if (typeof value !== 'string' || !pattern.test(value)) throw malformed(name);
  return value;
}

function malformed(what: string): CatalogError {
  return new CatalogError('malformed-metadata', `upstream's answer lacks ${what}, or has it in another form`);
}
