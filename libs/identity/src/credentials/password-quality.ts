import { IdentityError } from '../domain/errors.js';

/** Length is what counts (NIST SP 800-63B, 3.1.1.2); the upper end keeps hashing cheap. */
export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 200;

/** @throws IdentityError `weak-password`, saying what to change */
export function requireGoodPassword(password: string, login: string): void {
  const { length } = Array.from(password);
  if (length < SHORTEST_PASSWORD) throw weak(`has ${length} characters; take at least ${SHORTEST_PASSWORD}`);
  if (length > LONGEST_PASSWORD) throw weak(`has ${length} characters; take at most ${LONGEST_PASSWORD}`);
  if (new Set(password).size < 5) throw weak('repeats so few characters that it is easily guessed');
  if (password.toLowerCase().includes(login.toLowerCase())) throw weak('contains the login');
}

function weak(what: string): IdentityError {
  return new IdentityError('weak-password', `the password ${what}`);
}

/** @throws IdentityError `weak-password` */
export function requireAnotherPassword(password: string, before: string): void {
  if (password.normalize('NFC') === before.normalize('NFC')) throw weak('is the one that it was');
}
