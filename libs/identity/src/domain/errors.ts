import { CodedError } from '#kernel';

export type IdentityErrorCode =
  // what was asked for is not well-formed
  | 'invalid-login'
  | 'invalid-name'
  | 'weak-password'
  | 'reason-required'
  | 'verification-required'
  | 'invalid-token-scope'
  | 'invalid-role-scope'
  | 'invalid-key-name'
  // who asks may not
  | 'not-signed-in'
  | 'sign-in-refused'
  | 'wrong-password'
  | 'wrong-code'
  | 'security-key-refused'
  | 'security-key-count'
  | 'user-verification-required'
  | 'second-component-required'
  | 'second-component-missing'
  | 'password-aged'
  | 'second-person-required'
  | 'locked-out'
  | 'enrolment-refused'
  | 'not-an-admin'
  | 'own-rights'
  | 'not-an-author'
  | 'password-required'
  | 'token-refused'
  | 'token-required'
  | 'token-out-of-scope'
  | 'not-the-owner'
  // the record is not in the state for it
  | 'unknown-person'
  | 'unknown-token'
  | 'login-taken'
  | 'person-disabled'
  | 'roles-exclude-each-other'
  | 'role-already-held'
  | 'role-not-held'
  | 'password-already-set'
  | 'no-second-component'
  | 'no-second-component-offered'
  | 'no-security-key'
  | 'no-security-key-offered'
  | 'no-such-security-key'
  | 'security-key-name-taken'
  | 'too-many-security-keys'
  | 'security-keys-unavailable'
  | 'no-reset-requested'
  | 'role-not-requested'
  | 'enrolled-by-one'
  | 'too-few-admins'
  | 'commissioning-already-closed'
  // the record was altered behind the product's back
  | 'credential-tampered';

export class IdentityError extends CodedError<IdentityErrorCode> {
  override readonly name = 'IdentityError';
}
