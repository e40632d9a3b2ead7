import { IdentityError } from '../errors.js';
import type { SecondFactorUse } from './events.js';
import type { SignOnUse } from './single-sign-on-events.js';
import { requireNotLockedOut } from './lock-out.js';
import { requireBoth, requireUnused } from './second-factor.js';
import { requireSignOn } from './single-sign-on.js';
import type { ActivePerson } from './state.js';

/** What of a person was verified, some moments ago. */
export interface Proof {
  /** The id of the password; null: a security key stands in for it. */
  readonly password: string | null;
  /** Null: neither a code nor a security key's answer was given. */
  readonly secondFactor: SecondFactorUse | null;
  /** Whether, within a session, the login was given beside the password, and is theirs. */
  readonly login?: boolean;
}
/** Where the person's identity provider may have made sure of them, in place of the password. */
export interface ProofOrSignOn extends Proof {
  readonly singleSignOn?: SignOnUse;
}

/**
 * It counts for the person as they are now: verifying takes a while, in which the password may have been changed, or the code used.
 * @param asksForBoth whether one component is not enough
 * @throws IdentityError `locked-out`, `wrong-password`, `password-required`, `user-verification-required`, `second-component-required`, `login-required`,
 * `wrong-code`, `security-key-refused`, `security-key-count`, `single-sign-on-refused`
 */
export function requireProof(
  person: ActivePerson,
  { password, secondFactor, login = false, singleSignOn }: ProofOrSignOn,
  asksForBoth: boolean,
  at: string,
): void {
  requireNotLockedOut(person, at);
  if (singleSignOn) requireSignOn(person, singleSignOn, at);
  else if (password === null) requireStandIn(secondFactor, asksForBoth);
  else if (person.password.id !== password) {
    throw new IdentityError('wrong-password', 'the password was changed meanwhile: give the new one');
  }
  if (secondFactor) requireUnused(person, secondFactor, at);
  if (asksForBoth) requireBoth(person, { secondFactor, login });
}

/**
 * Within a period of signing one component is enough, if only its person can use it (21 CFR 11.200(a)(1)(i)): a key does when it made sure of them by
 * a PIN or a fingerprint. Whoever found a key that did not has nothing.
 */
function requireStandIn(secondFactor: SecondFactorUse | null, asksForBoth: boolean): void {
  if (asksForBoth || secondFactor === null || 'step' in secondFactor) {
    throw new IdentityError('password-required', 'give the password beside the second component');
  }
  if (!secondFactor.userVerified) {
    throw new IdentityError(
      'user-verification-required',
      'the security key did not ask for its PIN or a fingerprint, so that it does not stand in for the password: give both',
    );
  }
}
