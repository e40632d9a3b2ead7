import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { refusal } from '../testing/refusal.js';
import { fixture } from '../testing/fixture.js';
import {
  decodePublicKey,
  encodePublicKey,
  keyId,
  parseAssertion,
  scalarOf,
  verifyAssertionSignature,
} from '#snap';

const storeKey = parseAssertion(fixture('test-store.account-key'));
const rootKey = parseAssertion(fixture('test-root.account-key'));
const developerKey = parseAssertion(fixture('lab-developer.account-key'));
const serial = parseAssertion(fixture('lab-device.serial'));
const keys = [storeKey, rootKey, developerKey].map(({ body }) => decodePublicKey(body.toString()));
const deviceKey = decodePublicKey(scalarOf(serial.headers, 'device-key') ?? '');

const assertionFiles = readdirSync(new URL('../../fixtures/', import.meta.url)).filter(
  (name) => !name.endsWith('.json'),
);

describe('signatures by snapd and its test keys', () => {
  it.each(assertionFiles)('%s verifies with the key that it names, and keeps its bytes', (file) => {
    const assertion = parseAssertion(fixture(file));
    const key = [...keys, deviceKey].find((candidate) => keyId(candidate) === assertion.signKeyId);
    if (key === undefined) throw new Error(`no key ${assertion.signKeyId}`);

    expect(() => verifyAssertionSignature(assertion, key)).not.toThrow();
    expect(assertion.bytes).toEqual(fixture(file));
  });

  it('refuses the right signature with another key', () => {
    const code = refusal(() => verifyAssertionSignature(storeKey, decodePublicKey(storeKey.body.toString())));

    expect(code).toBe('bad-signature');
  });

  it.each([storeKey, rootKey, developerKey])(
    'finds the published id of a key, and its published text',
    ({ headers, body }) => {
      const key = decodePublicKey(body.toString());

      expect(keyId(key)).toBe(headers['public-key-sha3-384']);
      expect(encodePublicKey(key)).toBe(body.toString());
    },
  );
});
