import type { UpstreamStore } from '#upstream/published';
import { CatalogError } from '../errors.js';
import { isJsonObject } from '../json-shape.js';
import { readOffer, type Offer } from './offer.js';

export interface WantedRevision {
  readonly name: string;
  readonly revision: number;
}

/** What came of asking: the revision, or the architectures that upstream says the snap exists for instead. */
export type Asked =
  | { readonly kind: 'offered'; readonly offer: Offer }
  | { readonly kind: 'not-there'; readonly releasedFor: readonly string[] };

/** As snapd sends them (protocol page, 4.1). */
const FIELDS = [
  'architectures',
  'base',
  'categories',
  'common-ids',
  'confinement',
  'contact',
  'created-at',
  'description',
  'download',
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

/**
 * Asks upstream for a revision the way `snap download` does. A store may ignore revision and architecture (snapd's own test store
 * does): what it answers is held against what was asked.
 * @throws CatalogError `snap-not-found`, `store-refused`, `malformed-metadata`, `metadata-disagrees`; UpstreamError
 */
export async function askForRevision(
  upstream: UpstreamStore,
  wanted: WantedRevision,
  architecture: string,
): Promise<Asked> {
  const { name, revision } = wanted;
  const action = { action: 'download', 'instance-key': 'download-1', name, revision, epoch: null };
  const answer = await upstream.refresh(
    { context: [], actions: [action], fields: FIELDS },
    { headers: { 'snap-device-architecture': architecture, 'snap-classic': 'true' } },
  );
  const [result] = answer.results;
  if (result === undefined) throw snapNotFound(name);
  if (!isJsonObject(result))
    throw new CatalogError('malformed-metadata', "upstream's result isn't an object");
  if (result['result'] === 'error') return notThere(name, result['error']);
  return offered(wanted, readOffer(result['snap']));
}

function offered({ name, revision }: WantedRevision, offer: Offer): Asked {
  if (offer.name !== name) {
    throw new CatalogError(
      'metadata-disagrees',
      `upstream answered with ${offer.name} when asked for ${name}`,
    );
  }
  if (offer.revision !== revision) {
    throw new CatalogError(
      'revision-not-found',
      `upstream answered with revision ${offer.revision} of ${name} when asked for ${revision}: it doesn't give ${revision} out`,
    );
  }
  return { kind: 'offered', offer };
}

function notThere(name: string, error: unknown): Asked {
  if (!isJsonObject(error)) throw new CatalogError('malformed-metadata', "upstream's error isn't an object");
  const code = error['code'] ?? null;
  if (code === 'name-not-found' || code === 'id-not-found') throw snapNotFound(name);
  if (code === 'revision-not-found') return { kind: 'not-there', releasedFor: releasedFor(error['extra']) };
  const said = `${JSON.stringify(code)}: ${JSON.stringify(error['message'] ?? null)}`;
  throw new CatalogError('store-refused', `upstream refused to give ${name} out, ${said.slice(0, 500)}`);
}

function releasedFor(extra: unknown): string[] {
  const releases =
    isJsonObject(extra) && Array.isArray(extra['releases']) ? (extra['releases'] as unknown[]) : [];
  return releases
    .map((release) => (isJsonObject(release) ? release['architecture'] : undefined))
    .filter((architecture) => typeof architecture === 'string');
}

function snapNotFound(name: string): CatalogError {
  return new CatalogError('snap-not-found', `upstream has no snap named ${name}`);
}
