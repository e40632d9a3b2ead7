import {
  crossCheckSnapDeclaration,
  crossCheckSnapRevision,
  digestFromHex,
  scalarOf,
  type Assertion,
} from '#snap';
import { CatalogError } from '../errors.js';
import type { Offer } from './offer.js';

/**
 * That what upstream says of a revision is what was signed for it. Call it with a verified chain: it compares, it doesn't verify.
 * @throws SnapError `inconsistent-assertion`; CatalogError `metadata-disagrees`, `snap-revoked`; both name what differs and how
 */
export function checkAgreement(offer: Offer, chain: readonly Assertion[]): void {
  const { name, snapId, revision, publisherId, download } = offer;
  const digest = digestFromHex(download.sha3_384);
  crossCheckSnapRevision(only(chain, 'snap-revision'), { snapId, revision, size: download.size, digest });

  const declaration = only(chain, 'snap-declaration');
  if (scalarOf(declaration.headers, 'snap-name') === '') {
    throw new CatalogError(
      'snap-revoked',
      `the declaration of ${name} was revoked: it names no snap any more`,
    );
  }
  crossCheckSnapDeclaration(declaration, { snapId, name });
  const publisher = scalarOf(declaration.headers, 'publisher-id');
  if (publisher !== publisherId) {
    throw new CatalogError(
      'metadata-disagrees',
      `upstream says that ${name} is published by ${publisherId}, its snap-declaration says by ${publisher ?? 'nobody'}`,
    );
  }
}

/** @throws CatalogError `assertion-not-found` */
export function only(chain: readonly Assertion[], type: string): Assertion {
  const assertion = chain.find((candidate) => candidate.type === type);
  if (!assertion) throw new CatalogError('assertion-not-found', `the chain has no ${type}`);
  return assertion;
}
