import { sha256Hex, type Clock } from '#kernel';
import { isSnapName, scalarOf, SERIES, signingKeyOf, verifyChain, type TrustRoots } from '#snap';
import type { UpstreamStore } from '#upstream/published';
import { fetchChain } from '../capture/fetch-chain.js';
import type { Declaration } from '../domain/upstream-snap/observation.js';
import { CatalogError } from '../errors.js';

export interface DeclaredSnap {
  readonly declaration: Declaration;
  /** Empty when it was revoked. */
  readonly name: string;
  readonly publisher: string;
  readonly signingKeys: readonly string[];
}

/**
 * Fetches a snap's declaration with all that it rests on, and verifies it as a capture does.
 * @throws CatalogError `assertion-not-found`, `malformed-metadata`, and as {@link fetchChain}; SnapError; UpstreamError
 */
export async function readDeclaration(
  snapId: string,
  ports: { readonly upstream: UpstreamStore; readonly roots: TrustRoots; readonly clock: Clock },
): Promise<DeclaredSnap> {
  const { upstream, roots, clock } = ports;
  const reference = { type: 'snap-declaration', primaryKey: [SERIES, snapId] };
  const chain = await fetchChain(upstream, roots, reference);
  verifyChain(chain, roots, { at: new Date(clock.now()) });
  const assertion = chain.find(({ type }) => type === 'snap-declaration');
  if (!assertion)
    throw new CatalogError('assertion-not-found', `the chain of ${snapId} has no snap-declaration`);
  const name = scalarOf(assertion.headers, 'snap-name') ?? '';
  const revoked = name === '';
  if (!revoked && !isSnapName(name))
    throw new CatalogError(
      'malformed-metadata',
      `the declaration of ${snapId} has a name that no snap can have`,
    );
  const signed = chain.filter(({ type }) => type === 'snap-declaration' || type === 'account');
  return {
    declaration: { revision: assertion.revision, sha256: sha256Hex(assertion.bytes), revoked },
    name,
    publisher: scalarOf(assertion.headers, 'publisher-id') ?? '',
    signingKeys: [...new Set(signed.map((each) => signingKeyOf(each).primaryKey.join('/')))].sort(),
  };
}
