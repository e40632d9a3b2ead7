import { describeReference, type Assertion } from '../assertion/assertion.js';
import { scalarOf } from '../assertion/headers.js';
import { SnapError } from '../errors.js';
import type { TrustRoots } from '../trust/trust-roots.js';
import { readAccountKey } from './account-key.js';
import type { KnownAssertions } from './known-assertions.js';
import { isAuthorisedRevision } from './revision-authority.js';
import { checkSnapDeclaration, checkSnapRevision } from './snap-consistency.js';
import { SERIES } from './reference.js';
import { requiredTime } from './timestamp.js';

/**
 * Who may say it, and whether it agrees with itself and with what it refers to, by type (protocol page §11). Types that no proxy
 * judges have no rules of their own: a good chain is all that is known of them.
 *
 * @throws SnapError `wrong-authority`, `inconsistent-assertion`, `malformed-assertion`, `malformed-key`
 */
export function checkConsistency(assertion: Assertion, known: KnownAssertions, roots: TrustRoots): void {
  checkNoDelegation(assertion);
  switch (assertion.type) {
    case 'account':
      requireTrusted(assertion, roots);
      requiredTime(assertion, 'timestamp');
      return;
    case 'account-key':
      requireTrusted(assertion, roots);
      readAccountKey(assertion);
      return;
    case 'store':
      requireTrusted(assertion, roots);
      requiredTime(assertion, 'timestamp');
      return;
    case 'snap-declaration':
      requireTrusted(assertion, roots);
      checkSnapDeclaration(assertion);
      return;
    case 'snap-revision':
      checkSnapRevision(assertion);
      checkRevisionAuthority(assertion, known, roots);
      return;
    case 'validation-set':
      requireAuthority(assertion, 'account-id');
      return;
    case 'model':
      requireAuthority(assertion, 'brand-id');
      return;
    case 'serial':
      requireSerialAuthority(assertion, known);
      return;
  }
}

/** Delegation never went into use, and snapd dropped it again: an assertion that claims it is not for us to judge. */
function checkNoDelegation(assertion: Assertion): void {
  const signatory = assertion.headers['signatory-id'];
  if (signatory !== undefined && signatory !== assertion.authorityId) {
    throw wrongAuthority(assertion, 'is signed on behalf of another');
  }
}

function requireTrusted(assertion: Assertion, roots: TrustRoots): void {
  if (assertion.authorityId === null || !roots.trustsAccount(assertion.authorityId)) {
    throw wrongAuthority(assertion, `is by ${assertion.authorityId}, which is no trusted authority`);
  }
}

function requireAuthority(assertion: Assertion, header: string): void {
  if (assertion.headers[header] !== assertion.authorityId) {
    throw wrongAuthority(assertion, `is by ${assertion.authorityId}, which is not its ${header}`);
  }
}

/** Revisions come from the store, or from whom the snap's declaration lets upload under a provenance of their own. */
function checkRevisionAuthority(assertion: Assertion, known: KnownAssertions, roots: TrustRoots): void {
  const provenance = scalarOf(assertion.headers, 'provenance') ?? 'global-upload';
  if (provenance === 'global-upload') return requireTrusted(assertion, roots);
  const primaryKey = [SERIES, scalarOf(assertion.headers, 'snap-id') ?? ''];
  const declaration = known.require({ type: 'snap-declaration', primaryKey }, assertion);
  if (!isAuthorisedRevision(assertion, provenance, declaration)) {
    throw wrongAuthority(assertion, `is by ${assertion.authorityId}, which may not upload as ${provenance}`);
  }
}

/** A brand may let others register its devices; its model says whom. */
function requireSerialAuthority(assertion: Assertion, known: KnownAssertions): void {
  const [brand = '', model = ''] = assertion.primaryKey;
  if (assertion.authorityId === brand) return;
  const allowed = known.find({ type: 'model', primaryKey: [SERIES, brand, model] })?.headers[
    'serial-authority'
  ];
  const named = Array.isArray(allowed) && allowed.includes(assertion.authorityId);
  if (!named) throw wrongAuthority(assertion, `is by ${assertion.authorityId}, whom the model does not name`);
}

function wrongAuthority(assertion: Assertion, why: string): SnapError {
  const about = describeReference(assertion);
  return new SnapError('wrong-authority', `${about} ${why}`, about);
}
