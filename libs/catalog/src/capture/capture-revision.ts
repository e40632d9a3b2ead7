import { canonicalBytes, type JsonValue } from '#kernel';
import { digestFromHex, fullChannel, isSnapName, parseChannel, verifyChain } from '#snap';
import { CatalogError } from '../errors.js';
import { buildManifest } from '../manifest/build-manifest.js';
import { parseManifest } from '../manifest/parse-manifest.js';
import type { WantedRevision } from './ask-for-revision.js';
import type { CapturePorts } from './capture-ports.js';
import { checkAgreement, only } from './check-agreement.js';
import { defaultTrackOf } from './default-track.js';
import { fetchChain } from './fetch-chain.js';
import { findOffer } from './find-offer.js';
import { keepArtefact } from './keep-artefact.js';
import { lookInside } from './look-inside.js';

/** What people ask for: `lab-hello`, `stable`, 5. */
export interface RevisionToCapture extends WantedRevision {
  readonly channel: string;
}

/** What that means exactly: one of these for each of the site's architectures that the revision runs on. */
export interface CapturedTarget {
  readonly target: {
    readonly format: 'snap';
    readonly subject: string;
    readonly channel: string;
    readonly architecture: string;
  };
  readonly name: string;
  /** The revision, decimal. */
  readonly version: string;
  /** SHA-256 of the capture manifest; architectures of one revision share it. */
  readonly manifest: string;
  /** The revision of the snap-declaration that was captured with it. */
  readonly declaration: number;
}

/**
 * Resolves a request to exact targets, and fetches, verifies and keeps what they point at: the blob, and a manifest of everything a
 * proxy needs to answer for it. Nothing is downloaded before its assertions are believed, and what doesn't verify isn't kept.
 * Capturing again what upstream still describes the same way gives the same manifest.
 * @throws CatalogError, SnapError, UpstreamError, BlobStoreError: each with the exact reason
 */
export async function captureRevision(
  wanted: RevisionToCapture,
  ports: CapturePorts,
): Promise<readonly CapturedTarget[]> {
  const { name } = wanted;
  const { upstream, roots, kept } = ports;
  if (!isSnapName(name)) {
    throw new CatalogError('snap-not-found', `${JSON.stringify(name)} can't be the name of a snap`);
  }
  parseChannel(wanted.channel);
  const { offer, architectures } = await findOffer(upstream, wanted, ports.architectures);
  const defaultTrack = await defaultTrackOf(upstream, name, architectures[0]);
  const channel = fullChannel(parseChannel(wanted.channel, defaultTrack ?? undefined));

  const digest = digestFromHex(offer.download.sha3_384);
  const chain = await fetchChain(upstream, roots, { type: 'snap-revision', primaryKey: [digest] });
  verifyChain(chain, roots, { at: new Date(ports.clock.now()) });
  checkAgreement(offer, chain);
  const declaration = only(chain, 'snap-declaration');

  const blob = await keepArtefact(offer, ports);
  const inside = await lookInside(kept, blob, offer.snap['snap-yaml']);
  const manifest = buildManifest(offer, chain, blob, inside, defaultTrack);
  const bytes = canonicalBytes(manifest as unknown as JsonValue);
  // What proxies couldn't read must not be approved.
  parseManifest(bytes);
  const { sha256 } = await kept.put(once(bytes));
  return architectures.map((architecture) => ({
    target: { format: 'snap', subject: manifest.subject, channel, architecture },
    name,
    version: manifest.version,
    manifest: sha256,
    declaration: declaration.revision,
  }));
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield Promise.resolve(bytes);
}
