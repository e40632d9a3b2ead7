import { fetchChain } from '#catalog/capture/fetch-chain';
import {
  prerequisitesOf,
  signingKeyOf,
  type Assertion,
  type AssertionReference,
  type TrustRoots,
} from '#snap';
import type { UpstreamStore } from '#upstream/published';

const nameOf = ({ type, primaryKey }: AssertionReference): string => [type, ...primaryKey].join('/');

/**
 * What was given, with what is missing of its chain from upstream: a bundle may hold the store assertion alone, and `snap ack` wants all of it.
 * Nothing of it is believed yet.
 * @throws CatalogError, SnapError, UpstreamError: when something is missing, and upstream does not have it or is away
 */
export async function completeChain(
  given: readonly Assertion[],
  roots: TrustRoots,
  upstream: UpstreamStore,
): Promise<Assertion[]> {
  const chain = [...given];
  const missing = (): AssertionReference | undefined => {
    const here = new Set(chain.map(nameOf));
    const needed = chain.flatMap((assertion) => [...prerequisitesOf(assertion), signingKeyOf(assertion)]);
    return needed.find((reference) => !here.has(nameOf(reference)) && !roots.known.find(reference));
  };
  for (let next = missing(); next !== undefined; next = missing()) {
    const here = new Set(chain.map(nameOf));
    const fetched = await fetchChain(upstream, roots, next);
    chain.push(...fetched.filter((assertion) => !here.has(nameOf(assertion))));
  }
  return chain;
}
