import type { KeyObject } from 'node:crypto';
import { describeReference, type Assertion } from '../assertion/assertion.js';
import { SnapError } from '../errors.js';
import { decodePublicKey, keyId } from '../signature/public-key.js';
import type { KnownAssertions } from './known-assertions.js';
import { prerequisitesOf } from './reference.js';
import { optionalTime, requiredTime } from './timestamp.js';

export interface AccountKey {
  readonly accountId: string;
  readonly publicKey: KeyObject;
  readonly since: Date;
  /** The first moment at which it is no longer valid. */
  readonly until: Date | undefined;
}

/**
 * What an account-key says about its key; not whether that is to be believed.
 *
 * @throws SnapError `malformed-key`, `malformed-assertion`, `inconsistent-assertion` when the id is not the key's
 */
export function readAccountKey(assertion: Assertion): AccountKey {
  const publicKey = decodePublicKey(assertion.body.toString());
  const about = describeReference(assertion);
  if (keyId(publicKey) !== assertion.primaryKey[0]) {
    throw new SnapError('inconsistent-assertion', `${about} holds another key: ${keyId(publicKey)}`, about);
  }
  const accountId = assertion.headers['account-id'];
  if (typeof accountId !== 'string')
    throw new SnapError('malformed-assertion', `${about} names no account`, about);
  return {
    accountId,
    publicKey,
    since: requiredTime(assertion, 'since'),
    until: optionalTime(assertion, 'until'),
  };
}

/** Also that its account is known. @throws SnapError as {@link readAccountKey}, and `broken-chain` */
export function checkAccountKey(assertion: Assertion, known: KnownAssertions): AccountKey {
  const key = readAccountKey(assertion);
  for (const reference of prerequisitesOf(assertion)) known.require(reference, assertion);
  return key;
}
