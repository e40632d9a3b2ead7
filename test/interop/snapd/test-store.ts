import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  encodePublicKey,
  keyId,
  parseAssertion,
  signAssertion,
  snapDigest,
  type Assertion,
  type Headers,
} from '#snap';
import type { TestKeys } from './test-keys.js';

/** The account that a `withtestkeys` build trusts. */
export const TEST_AUTHORITY = 'testrootorg';
export const LAB_DEVELOPER = 'labdevlabdevlabdevlabdevlabdev00';
const TIMESTAMP = '2024-01-02T03:04:05Z';

/** Signs, with our own library, what snapd's test programs believe. */
export class TestStore {
  private constructor(
    private readonly storeKey: KeyObject,
    private readonly developerKey: KeyObject,
    readonly storeAccountKey: Assertion,
  ) {}

  static async with(keys: TestKeys): Promise<TestStore> {
    const key = async (name: string): Promise<KeyObject> =>
      createPrivateKey(await readFile(path.join(keys.keysDir, name)));
    return new TestStore(await key('store.pem'), await key('dev.pem'), parseAssertion(keys.storeAccountKey));
  }

  account(accountId = LAB_DEVELOPER): Assertion {
    const named = { username: 'labdev', 'display-name': 'Lab Developer', validation: 'verified' };
    return this.sign('account', { 'account-id': accountId, ...named });
  }

  declaration(snapId: string, name: string): Assertion {
    return this.sign('snap-declaration', {
      series: '16',
      'snap-id': snapId,
      'snap-name': name,
      'publisher-id': LAB_DEVELOPER,
    });
  }

  revision(snapId: string, revision: number, snap: Uint8Array, key = this.storeKey): Assertion {
    const headers = {
      'snap-sha3-384': snapDigest(snap),
      'snap-id': snapId,
      'snap-size': String(snap.length),
      'snap-revision': String(revision),
      'developer-id': LAB_DEVELOPER,
    };
    return this.sign('snap-revision', headers, key);
  }

  /** A model of the developer's as a brand, with all that leads to it: what a machine of that brand is made with. */
  model(model: string): readonly Assertion[] {
    const key = {
      'account-id': LAB_DEVELOPER,
      name: 'default',
      since: TIMESTAMP,
      'public-key-sha3-384': keyId(this.developerKey),
    };
    const brand = { 'authority-id': LAB_DEVELOPER, 'brand-id': LAB_DEVELOPER };
    return [
      this.storeAccountKey,
      this.account(),
      this.sign('account-key', key, this.storeKey, encodePublicKey(this.developerKey)),
      this.sign('model', { ...brand, series: '16', model, classic: 'true' }, this.developerKey),
    ];
  }

  sign(type: string, headers: Headers, key = this.storeKey, body?: string): Assertion {
    const named = { 'authority-id': TEST_AUTHORITY, timestamp: TIMESTAMP, ...headers };
    const draft = { type, headers: named, ...(body === undefined ? {} : { body }) };
    return parseAssertion(signAssertion(draft, key));
  }
}
