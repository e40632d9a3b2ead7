import { SnapError } from '../errors.js';
import { describeReference, type Assertion } from '../assertion/assertion.js';
import { verifyChain } from '../chain/verify-chain.js';
import type { TrustRoots } from '../trust/trust-roots.js';
import { DEVELOPER, TestAuthority } from './authority.js';

export const SNAP_ID = 'labhelloidlabhelloidlabhelloid01';
export const FILE = Buffer.from('a snap');
export const OTHER = 'otherotherotherotherotherotherot';

export const authority = new TestAuthority();
export const roots = authority.roots();
export const storeKey = authority.storeAccountKey();
export const developer = authority.account(DEVELOPER);
export const declaration = authority.declaration(SNAP_ID, 'lab-hello');
export const revision = authority.revision(SNAP_ID, 7, FILE);
/** A good one; each spec breaks it in one place. */
export const chain = [revision, declaration, developer, storeKey];

/** The code, and what it is about; undefined when the chain is accepted. */
export function verdict(
  assertions: readonly Assertion[],
  from: TrustRoots = roots,
  at?: Date,
): string | undefined {
  try {
    verifyChain(assertions, from, at === undefined ? {} : { at });
    return undefined;
  } catch (error) {
    if (error instanceof SnapError) return `${error.code}: ${error.about ?? ''}`;
    throw error;
  }
}

export const name = (assertion: Assertion): string => describeReference(assertion);
