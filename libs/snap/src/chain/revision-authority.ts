import type { Assertion } from '../assertion/assertion.js';
import { isHeaderMap, scalarOf, type HeaderValue } from '../assertion/headers.js';
import { isRevisionText } from '../revision.js';

/**
 * Whether a snap-declaration's `revision-authority` lets this revision's signer upload under the provenance. Constraints on the model
 * and store of a device (`on-model`, `on-store`) are the device's to check.
 */
export function isAuthorisedRevision(
  revision: Assertion,
  provenance: string,
  declaration: Assertion,
): boolean {
  const authorities = declaration.headers['revision-authority'];
  const number = Number(scalarOf(revision.headers, 'snap-revision'));
  return (
    Array.isArray(authorities) &&
    authorities.some((entry: HeaderValue) => {
      if (typeof entry === 'string' || !isHeaderMap(entry)) return false;
      const provenances = entry['provenance'];
      return (
        entry['account-id'] === revision.authorityId &&
        Array.isArray(provenances) &&
        provenances.includes(provenance) &&
        number >= bound(entry['min-revision'], 1) &&
        number <= bound(entry['max-revision'], Infinity)
      );
    })
  );
}

/** NaN, which compares with nothing, for a bound that is no revision: such an entry authorises nobody. */
function bound(value: HeaderValue | undefined, absent: number): number {
  if (value === undefined) return absent;
  return typeof value === 'string' && isRevisionText(value) ? Number(value) : NaN;
}
