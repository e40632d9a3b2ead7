import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  encodePublicKey,
  keyId,
  parseAssertion,
  signAssertion,
  TrustRoots,
  type Assertion,
  type Headers,
} from '#snap';

const TIMESTAMP = '2024-01-02T03:04:05Z';

/** An authority for tests: a root key, and a store key that signs what a store signs. */
export class SigningAuthority {
  readonly account: Assertion;
  readonly rootKey: Assertion;
  readonly storeKey: Assertion;
  readonly roots: TrustRoots;
  private readonly root = rsaKey();
  private readonly store = rsaKey();

  constructor(readonly id = 'test-authority') {
    this.account = this.signAccount(id, this.root);
    this.rootKey = this.signKey('root', this.root);
    this.storeKey = this.signKey('store', this.store);
    this.roots = new TrustRoots([this.account, this.rootKey]);
  }

  /** An assertion signed with the store key. */
  sign(type: string, headers: Headers): Assertion {
    return this.signWith(this.store, type, headers);
  }

  signAccount(accountId: string, key = this.store): Assertion {
    return this.signWith(key, 'account', {
      'account-id': accountId,
      'display-name': accountId,
      username: accountId.toLowerCase(),
      validation: 'verified',
    });
  }

  private signKey(name: string, key: KeyObject): Assertion {
    const headers = {
      'public-key-sha3-384': keyId(key),
      'account-id': this.id,
      name,
      since: '2016-01-01T00:00:00Z',
    };
    return this.signWith(this.root, 'account-key', headers, encodePublicKey(key));
  }

  private signWith(key: KeyObject, type: string, headers: Headers, body?: string): Assertion {
    const all = { 'authority-id': this.id, timestamp: TIMESTAMP, ...headers };
    return parseAssertion(
      signAssertion({ type, headers: all, ...(body === undefined ? {} : { body }) }, key),
    );
  }
}

function rsaKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}
