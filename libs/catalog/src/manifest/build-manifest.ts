import type { JsonObject, JsonValue } from '#kernel';
import type { BlobFacts } from '#blob-store/port';
import type { Assertion } from '#snap';
import type { Offer } from '../capture/offer.js';
import type { SnapCaptureManifest } from './capture-manifest.js';
import type { Inside } from './inside.js';

/** What a device is told of a snap besides its download. Links for people stay; what snapd would fetch (media, resources) doesn't. */
const KEPT_FIELDS = [
  'architectures',
  'base',
  'categories',
  'common-ids',
  'confinement',
  'contact',
  'created-at',
  'description',
  'epoch',
  'license',
  'links',
  'name',
  'prices',
  'private',
  'publisher',
  'revision',
  'snap-id',
  'snap-yaml',
  'store-url',
  'summary',
  'title',
  'type',
  'version',
  'website',
];

/** The manifest of what was verified and kept. Equal input gives equal bytes, so capturing twice names one manifest. */
export function buildManifest(
  offer: Offer,
  chain: readonly Assertion[],
  blob: BlobFacts,
  inside: Inside,
  defaultTrack: string | null,
): SnapCaptureManifest {
  return {
    v: 1,
    format: 'snap',
    subject: offer.snapId,
    name: offer.name,
    version: String(offer.revision),
    architectures: offer.architectures,
    defaultTrack,
    snap: keptFields(offer.snap),
    blob: { sha256: blob.sha256, sha3_384: blob.sha3_384, size: blob.size },
    inside,
    assertions: chain.map(({ type, primaryKey, bytes }) => ({
      type,
      primaryKey,
      text: bytes.toString('utf8'),
    })),
  };
}

function keptFields(snap: JsonObject): JsonObject {
  const kept: Record<string, JsonValue> = {};
  for (const name of KEPT_FIELDS) {
    const value = snap[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
