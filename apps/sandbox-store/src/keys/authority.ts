import type { KeyObject } from 'node:crypto';
import { encodePublicKey, keyId, scalarOf, type Assertion } from '#snap';
import { KEY_SINCE, sign, TIMESTAMP } from '../assertions/sign.js';
import { SandboxError } from '../sandbox-error.js';
import type { KeyFolder } from './key-files.js';

const SELF_MADE_ACCOUNT = 'sandbox-root';

/** Who signs in this store, and what a client must trust for it. */
export interface Authority {
  readonly accountId: string;
  /** The authority's account, and the root key's own account-key: a client's trust roots. */
  readonly roots: readonly [account: Assertion, accountKey: Assertion];
  readonly storeAccountKey: Assertion;
}

/**
 * The authority that the keys belong to: ready-made assertions where they are given, and its account id from them;
 * what is missing is signed with the root key.
 * @throws SandboxError `bad-keys` when account-keys are given, but none for the root key
 */
export function authorityOf(keys: KeyFolder): Authority {
  const givenKey = readyMade(keys, 'account-key', keyId(keys.root));
  if (givenKey === undefined && keys.readyMade.some(({ type }) => type === 'account-key')) {
    throw new SandboxError('bad-keys', 'account-keys are given, but none of them belongs to root.pem');
  }
  const accountId = (givenKey && scalarOf(givenKey.headers, 'account-id')) ?? SELF_MADE_ACCOUNT;
  const account =
    readyMade(keys, 'account', accountId) ??
    signAccount(keys.root, accountId, {
      id: accountId,
      username: accountId,
      displayName: 'Sandbox root',
      validation: 'verified',
    });
  const rootKey = givenKey ?? signAccountKey(keys.root, accountId, accountId, 'root', keys.root);
  const storeAccountKey =
    readyMade(keys, 'account-key', keyId(keys.store)) ??
    signAccountKey(keys.root, accountId, accountId, 'store', keys.store);
  return { accountId, roots: [account, rootKey], storeAccountKey };
}

function readyMade(keys: KeyFolder, type: string, key: string): Assertion | undefined {
  return keys.readyMade.find((given) => given.type === type && given.primaryKey[0] === key);
}

export interface AccountDetails {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly validation: 'unproven' | 'starred' | 'verified';
}

/** An account assertion (protocol page §11). */
export function signAccount(key: KeyObject, authorityId: string, account: AccountDetails): Assertion {
  return sign(key, {
    type: 'account',
    headers: {
      'authority-id': authorityId,
      'account-id': account.id,
      'display-name': account.displayName,
      timestamp: TIMESTAMP,
      username: account.username,
      validation: account.validation,
    },
  });
}

/** An account-key assertion: `key` says that `holder`'s public half belongs to the account. */
export function signAccountKey(
  key: KeyObject,
  authorityId: string,
  accountId: string,
  name: string,
  holder: KeyObject,
): Assertion {
  return sign(key, {
    type: 'account-key',
    headers: {
      'authority-id': authorityId,
      'public-key-sha3-384': keyId(holder),
      'account-id': accountId,
      name,
      since: KEY_SINCE,
    },
    body: encodePublicKey(holder),
  });
}
