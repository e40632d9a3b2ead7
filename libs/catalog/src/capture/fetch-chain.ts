import {
  assertionType,
  describeReference,
  parseAssertion,
  prerequisitesOf,
  signingKeyOf,
  type Assertion,
  type AssertionReference,
  type TrustRoots,
} from '#snap';
import { UpstreamError, type UpstreamStore } from '#upstream/published';
import { CatalogError } from '../errors.js';

/** A snap's chain has six or so. More than this, and somebody leads us on. */
const LONGEST_CHAIN = 32;

/**
 * Fetches an assertion and all that is needed to believe it, up to, not including, what the trust roots know (protocol page,
 * section 7). Nothing of it is believed yet.
 * @throws CatalogError `assertion-not-found`, `metadata-disagrees`, `chain-too-long`; SnapError; UpstreamError
 */
export async function fetchChain(
  upstream: UpstreamStore,
  roots: TrustRoots,
  start: AssertionReference,
): Promise<Assertion[]> {
  const chain: Assertion[] = [];
  const wanted = [{ reference: start, neededBy: '' }];
  const seen = new Set<string>();
  for (let next = wanted.shift(); next !== undefined; next = wanted.shift()) {
    const { reference, neededBy } = next;
    const name = describeReference(reference);
    if (seen.has(name) || roots.known.find(reference)) continue;
    seen.add(name);
    if (chain.length === LONGEST_CHAIN) {
      throw new CatalogError(
        'chain-too-long',
        `${describeReference(start)} needs more than ${LONGEST_CHAIN} assertions`,
      );
    }
    const assertion = await fetchAssertion(upstream, reference, neededBy);
    chain.push(assertion);
    for (const needed of [...prerequisitesOf(assertion), signingKeyOf(assertion)]) {
      wanted.push({ reference: needed, neededBy: `, which ${name} needs` });
    }
  }
  return chain;
}

async function fetchAssertion(
  upstream: UpstreamStore,
  reference: AssertionReference,
  neededBy: string,
): Promise<Assertion> {
  const { type, primaryKey } = reference;
  const assertion = parseAssertion(await bytesOf(upstream, reference, neededBy));
  if (assertion.type !== type || assertion.primaryKey.join('/') !== primaryKey.join('/')) {
    throw new CatalogError(
      'metadata-disagrees',
      `upstream answered with ${describeReference(assertion)} when asked for ${describeReference(reference)}`,
    );
  }
  return assertion;
}

async function bytesOf(
  upstream: UpstreamStore,
  reference: AssertionReference,
  neededBy: string,
): Promise<Uint8Array> {
  const { type, primaryKey } = reference;
  const { maxFormat } = assertionType(type);
  try {
    return await upstream.assertion(type, primaryKey, { maxFormat });
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.code !== 'not-found') throw error;
    const message = `upstream has no ${describeReference(reference)}${neededBy}`;
    throw new CatalogError('assertion-not-found', message, { cause: error });
  }
}
