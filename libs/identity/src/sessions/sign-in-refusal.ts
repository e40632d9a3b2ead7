import { IdentityError, type IdentityErrorCode } from '../domain/errors.js';

/** What only who gave the right password is told. */
const AFTER_THE_PASSWORD: readonly string[] = [
  'credential-tampered',
  'second-component-required',
  'no-second-component',
  'no-security-key',
  'security-key-refused',
  'security-key-count',
  'security-keys-unavailable',
  'password-aged',
] satisfies readonly IdentityErrorCode[];

/** One answer for everything that may be wrong: it must not tell who exists, who is locked out and who was disabled. */
export function asRefusal(error: unknown): unknown {
  if (!(error instanceof IdentityError) || AFTER_THE_PASSWORD.includes(error.code)) return error;
  return new IdentityError(
    'sign-in-refused',
    'the login, the password or the code is wrong, or there were too many attempts; wait a quarter of an hour after five',
  );
}
