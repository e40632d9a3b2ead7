import type { Assertion, AssertionReference } from '../assertion/assertion.js';
import { scalarOf } from '../assertion/headers.js';

/** A map key for what names an assertion; primary keys hold no slash. */
export function referenceKey({ type, primaryKey }: AssertionReference): string {
  return [type, ...primaryKey].join('/');
}

/** The account-key that signed it, for an assertion with an authority. */
export function signingKeyOf(assertion: Assertion): AssertionReference {
  return { type: 'account-key', primaryKey: [assertion.signKeyId] };
}

/**
 * What must be known before an assertion can be believed (protocol page §11), without the key that signed it: that is
 * {@link signingKeyOf}. To fetch a chain, fetch both, recursively, and stop at what the trust roots know (§7).
 */
export function prerequisitesOf(assertion: Assertion): AssertionReference[] {
  const header = (name: string): string => scalarOf(assertion.headers, name) ?? '';
  switch (assertion.type) {
    case 'account-key':
      return [account(header('account-id'))];
    case 'store':
      return [account(header('operator-id'))];
    case 'snap-declaration':
      return [account(header('publisher-id'))];
    case 'snap-revision':
      return [
        { type: 'snap-declaration', primaryKey: [SERIES, header('snap-id')] },
        account(header('developer-id')),
      ];
    default:
      return [];
  }
}

/** The one series that there has ever been. */
export const SERIES = '16';

function account(accountId: string): AssertionReference {
  return { type: 'account', primaryKey: [accountId] };
}
