import { CatalogError } from '../errors.js';
import { isCount, isJsonObject, isStringList, shallowJson } from '../json-shape.js';
import type { CapturedAssertion, SnapCaptureManifest } from './capture-manifest.js';
import { readInside } from './inside.js';

/** Assertions take some 10 KiB, a snap.yaml seldom more than 100. */
export const LARGEST_MANIFEST = 4 * 1024 * 1024;
const MOST_ASSERTIONS = 64;

/**
 * Reads a manifest's bytes. That they are the ones that were approved is the digest's business; this makes sure that whoever uses
 * them finds what the type promises, and refuses what no release of ours wrote.
 * @throws CatalogError `malformed-manifest`, naming the member
 */
export function parseManifest(bytes: Uint8Array): SnapCaptureManifest {
  const value = parse(bytes);
  if (!isJsonObject(value)) throw malformed('is no JSON object');
  if (value['v'] !== 1)
    throw malformed(`has version ${JSON.stringify(value['v'] ?? null)}, this release reads 1`);
  const { architectures, defaultTrack, snap, blob, inside, assertions } = value;
  check(value['format'] === 'snap', 'format');
  check(isStringList(architectures) && architectures.length > 0, 'architectures');
  check(defaultTrack === null || typeof defaultTrack === 'string', 'defaultTrack');
  check(isJsonObject(snap), 'snap');
  check(Array.isArray(assertions) && assertions.length <= MOST_ASSERTIONS, 'assertions');
  return {
    v: 1,
    format: 'snap',
    subject: text(value, 'subject', /^[a-zA-Z0-9]{32}$/),
    name: text(value, 'name', /^[a-z0-9-]{1,40}$/),
    version: text(value, 'version', /^[1-9][0-9]{0,15}$/),
    architectures,
    defaultTrack,
    snap,
    blob: readBlob(blob),
    ...(inside === undefined ? {} : { inside: readInside(inside) }),
    assertions: assertions.map(readAssertion),
  };
}

function readBlob(blob: unknown): SnapCaptureManifest['blob'] {
  check(isJsonObject(blob), 'blob');
  const { size } = blob;
  check(isCount(size), 'blob size');
  return {
    sha256: text(blob, 'sha256', /^[0-9a-f]{64}$/),
    sha3_384: text(blob, 'sha3_384', /^[0-9a-f]{96}$/),
    size,
  };
}

function readAssertion(assertion: unknown): CapturedAssertion {
  check(isJsonObject(assertion), 'assertions');
  const { primaryKey } = assertion;
  check(isStringList(primaryKey) && primaryKey.length > 0, 'primaryKey');
  return {
    type: text(assertion, 'type', /^[a-z0-9-]+$/),
    primaryKey,
    text: text(assertion, 'text', /^type: /),
  };
}

function parse(bytes: Uint8Array): unknown {
  if (bytes.length > LARGEST_MANIFEST)
    throw malformed(`has ${bytes.length} bytes, at most ${LARGEST_MANIFEST} may be`);
  try {
    return shallowJson(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (cause) {
    throw malformed('is not JSON in UTF-8', cause);
  }
}

function text(object: { readonly [name: string]: unknown }, name: string, pattern: RegExp): string {
  const value = object[name];
  check(typeof value === 'string' && pattern.test(value), name);
  return value;
}

function check(holds: boolean, member: string): asserts holds {
  if (!holds) throw malformed(`lacks ${member}, or has it in another form`);
}

function malformed(how: string, cause?: unknown): CatalogError {
  return new CatalogError('malformed-manifest', `a capture manifest ${how}`, { cause });
}
