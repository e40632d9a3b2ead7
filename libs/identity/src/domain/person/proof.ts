import { IdentityError } from '../errors.js';
import type { SecondFactorUse } from './events.js';
import { requireNotLockedOut } from './lock-out.js';
import { codeAskedFor, requireUnused } from './second-factor.js';
import type { ActivePerson } from './state.js';

/** What of a person was verified, some moments ago. */
export interface Proof {
  /** The id of the password. */
  readonly password: string;
  /** Null: no code was given. */
  readonly secondFactor: SecondFactorUse | null;
}

/**
 * It counts for the person as they are now: verifying takes a while, in which the password may have been changed, or the code used.
 * @param asksForCode whether the password alone is not enough
 * @throws IdentityError `locked-out`, `wrong-password`, `second-component-required`, `wrong-code`
 */
export function requireProof(
  person: ActivePerson,
  { password, secondFactor }: Proof,
  asksForCode: boolean,
  at: string,
): void {
  requireNotLockedOut(person, at);
  if (person.password.id !== password) {
    throw new IdentityError('wrong-password', 'the password was changed meanwhile: give the new one');
  }
  if (asksForCode && !secondFactor) throw codeAskedFor();
  if (secondFactor) requireUnused(person, secondFactor);
}
