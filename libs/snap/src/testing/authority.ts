import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Assertion } from '../assertion/assertion.js';
import type { Headers } from '../assertion/headers.js';
import { parseAssertion } from '../assertion/parse.js';
import { snapDigest } from '../digest.js';
import { encodePublicKey, keyId } from '../signature/public-key.js';
import { signAssertion } from '../signature/sign.js';
import { TrustRoots } from '../trust/trust-roots.js';

export const AUTHORITY = 'test-authority';
export const DEVELOPER = 'testdevelopertestdevelopertestde';
export const TIMESTAMP = '2024-01-02T03:04:05Z';

/** A made-up store with keys of its own, for specs: everything that a chain needs, and no key in the repository. */
export class TestAuthority {
  readonly rootKey: KeyObject;
  readonly storeKey: KeyObject;
  readonly developerKey: KeyObject;

  constructor(keys: { rootKey?: KeyObject; storeKey?: KeyObject; developerKey?: KeyObject } = {}) {
    this.rootKey = keys.rootKey ?? newKey();
    this.storeKey = keys.storeKey ?? newKey();
    this.developerKey = keys.developerKey ?? newKey();
  }

  roots(): TrustRoots {
    return new TrustRoots([this.rootAccount(), this.rootAccountKey()]);
  }

  rootAccount(): Assertion {
    return this.account(AUTHORITY, {}, this.rootKey);
  }

  rootAccountKey(): Assertion {
    return this.accountKey(this.rootKey, { 'account-id': AUTHORITY }, this.rootKey);
  }

  storeAccountKey(headers: Headers = {}): Assertion {
    return this.accountKey(
      this.storeKey,
      { 'account-id': AUTHORITY, name: 'store', ...headers },
      this.rootKey,
    );
  }

  account(accountId: string, headers: Headers = {}, key = this.storeKey): Assertion {
    const own = {
      'account-id': accountId,
      username: accountId,
      'display-name': accountId,
      validation: 'unproven',
    };
    return this.sign('account', { ...own, timestamp: TIMESTAMP, ...headers }, key);
  }

  accountKey(subject: KeyObject, headers: Headers, key = this.storeKey): Assertion {
    const publicKey = subject.type === 'private' ? createPublicKey(subject) : subject;
    const own = { 'public-key-sha3-384': keyId(publicKey), name: 'default', since: '2016-01-01T00:00:00Z' };
    return this.sign('account-key', { ...own, ...headers }, key, encodePublicKey(publicKey));
  }

  declaration(snapId: string, name: string, headers: Headers = {}): Assertion {
    const own = {
      series: '16',
      'snap-id': snapId,
      'snap-name': name,
      'publisher-id': DEVELOPER,
      timestamp: TIMESTAMP,
    };
    return this.sign('snap-declaration', { ...own, ...headers });
  }

  revision(
    snapId: string,
    revision: number,
    file: Uint8Array,
    headers: Headers = {},
    key = this.storeKey,
  ): Assertion {
    const own = {
      'snap-sha3-384': snapDigest(file),
      'snap-id': snapId,
      'snap-size': String(file.length),
      'snap-revision': String(revision),
      'developer-id': DEVELOPER,
      timestamp: TIMESTAMP,
    };
    return this.sign('snap-revision', { ...own, ...headers }, key);
  }

  sign(type: string, headers: Headers, key = this.storeKey, body?: string): Assertion {
    const named = { 'authority-id': AUTHORITY, ...headers };
    return parseAssertion(
      signAssertion(body === undefined ? { type, headers: named } : { type, headers: named, body }, key),
    );
  }
}

/** 2048 bits are the least that is read; they are made in a fraction of a second. */
export function newKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}
