import { describe, expect, it } from 'vitest';
import {
  canonicalTrustRoots,
  loadTrustRoots,
  parseAssertion,
  TrustRoots,
  verifyAssertionSignature,
  verifyChain,
} from '#snap';
import { decodePublicKey } from '../signature/public-key.js';
import { fixture } from '../testing/fixture.js';
import { refusal } from '../testing/refusal.js';

const ROOT_KEY_ID = '-CvQKAwRQ5h3Ffn10FILJoEZUXOv6km9FwA80-Rcj-f-6jadQ89VRswHNiEB9Lxk';

describe("Canonical's published constants", () => {
  const roots = canonicalTrustRoots();

  it('are signed by the root key that the protocol page names, which signed itself', () => {
    const rootKey = roots.trusted.find(({ type }) => type === 'account-key');
    const key = decodePublicKey(rootKey?.body.toString() ?? '');

    expect(rootKey?.primaryKey).toEqual([ROOT_KEY_ID]);
    for (const assertion of roots.trusted)
      expect(() => verifyAssertionSignature(assertion, key)).not.toThrow();
  });

  it('verify as a chain, the predefined ones too', () => {
    expect(() => verifyChain([...roots.trusted, ...roots.predefined], roots)).not.toThrow();
    expect(roots.predefined.map(({ type }) => type)).toEqual(['account', 'account-key', 'model']);
  });

  it('trust Canonical, and not the brand that is merely known', () => {
    expect(roots.trustsAccount('canonical')).toBe(true);
    expect(roots.trustsAccount('generic')).toBe(false);
  });
});

describe('loadTrustRoots', () => {
  const account = fixture('test-root.account');
  const key = fixture('test-root.account-key');

  it("puts an operator's roots beside Canonical's", () => {
    const roots = loadTrustRoots([account, key]);

    expect(roots.trustsAccount('testrootorg')).toBe(true);
    expect(roots.trustsAccount('canonical')).toBe(true);
  });

  it('reads several assertions from one text', () => {
    expect(loadTrustRoots([`${account.toString()}\n${key.toString()}`]).trustsAccount('testrootorg')).toBe(
      true,
    );
  });

  it('refuses a key without its account', () => {
    expect(refusal(() => loadTrustRoots([key]))).toBe('broken-chain');
  });

  it('refuses anything but accounts and keys', () => {
    expect(refusal(() => loadTrustRoots([account, key, fixture('lab-proxy.store')]))).toBe(
      'inconsistent-assertion',
    );
  });

  it('can leave Canonical out', () => {
    expect(loadTrustRoots([account, key], new TrustRoots([])).trustsAccount('canonical')).toBe(false);
  });

  it('refuses what is no assertion', () => {
    expect(refusal(() => loadTrustRoots(['-----BEGIN CERTIFICATE-----\n\nMII']))).toBe('malformed-assertion');
    expect(parseAssertion(account).type).toBe('account');
  });
});
