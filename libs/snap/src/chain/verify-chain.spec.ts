import { describe, expect, it } from 'vitest';
import { canonicalTrustRoots, loadTrustRoots, parseAssertion, type Assertion } from '#snap';
import { AUTHORITY, DEVELOPER, newKey, TestAuthority, TIMESTAMP } from '../testing/authority.js';
import {
  authority,
  chain,
  declaration,
  developer,
  name,
  OTHER,
  revision,
  storeKey,
  verdict,
} from '../testing/chain.js';
import { fixture } from '../testing/fixture.js';

describe('a chain that snapd would accept', () => {
  it('is accepted, in any order', () => {
    expect(verdict(chain)).toBeUndefined();
    expect(verdict(chain.toReversed())).toBeUndefined();
  });

  it('is accepted with the roots sent along, and with one assertion twice', () => {
    expect(
      verdict([...chain, revision, authority.rootAccount(), authority.rootAccountKey()]),
    ).toBeUndefined();
  });

  it('is accepted when recorded from a real store, under the test root', () => {
    const recorded = [
      'lab-hello.snap-revision',
      'lab-hello.snap-declaration',
      'lab-developer.account',
      'test-store.account-key',
    ];
    const testRoots = loadTrustRoots([fixture('test-root.account'), fixture('test-root.account-key')]);

    expect(
      verdict(
        recorded.map((file) => parseAssertion(fixture(file))),
        testRoots,
      ),
    ).toBeUndefined();
  });

  it("is accepted when the brand's key signs a model, a serial and a validation set", () => {
    const brandKey = authority.accountKey(authority.developerKey, { 'account-id': DEVELOPER });
    const byBrand = (type: string, headers: Record<string, string>): Assertion =>
      authority.sign(
        type,
        { 'authority-id': DEVELOPER, timestamp: TIMESTAMP, ...headers },
        authority.developerKey,
      );
    const model = byBrand('model', { series: '16', 'brand-id': DEVELOPER, model: 'm', classic: 'true' });
    const serial = byBrand('serial', { 'brand-id': DEVELOPER, model: 'm', serial: 's' });
    const set = byBrand('validation-set', {
      series: '16',
      'account-id': DEVELOPER,
      name: 'set',
      sequence: '1',
    });

    expect(verdict([model, serial, set, brandKey, developer, storeKey])).toBeUndefined();
  });
});

describe('trust', () => {
  it('refuses another root, naming the key that the chain ends in', () => {
    const sent = [...chain, authority.rootAccount(), authority.rootAccountKey()];

    expect(verdict(sent, canonicalTrustRoots())).toBe(`untrusted-root: ${name(authority.rootAccountKey())}`);
  });

  it('refuses two keys that sign each other', () => {
    const [one, two] = [newKey(), newKey()];
    const circle = [
      authority.accountKey(one, { 'account-id': AUTHORITY }, two),
      authority.accountKey(two, { 'account-id': AUTHORITY }, one),
    ];

    expect(verdict(circle)).toMatch(/^untrusted-root/);
  });

  it('refuses a chain longer than any real one before it costs the stack', () => {
    const key = newKey();
    const links = Array.from({ length: 17 }, (_, i) =>
      forgedKey(i, i + 1, authority.accountKey(key, { 'account-id': AUTHORITY })),
    );

    expect(verdict(links)).toMatch(/^untrusted-root/);
  });

  it('does not let a sent assertion displace a root', () => {
    const mallory = new TestAuthority();
    const impostor = mallory.account(AUTHORITY, { revision: '99' }, mallory.rootKey);

    expect(verdict([impostor, mallory.rootAccountKey()])).toMatch(/^untrusted-root/);
  });

  it('does not let a sent assertion change what a root says', () => {
    const headers = { 'account-id': AUTHORITY, revision: '9', until: '2020-01-01T00:00:00Z' };
    const ended = authority.accountKey(authority.rootKey, headers, authority.rootKey);

    expect(verdict([...chain, ended])).toBeUndefined();
  });

  it('believes the newest revision of a key, wherever it stands', () => {
    const ended = authority.storeAccountKey({ revision: '1', until: '2024-06-01T00:00:00Z' });

    expect(verdict([developer, storeKey, ended])).toBe(`key-expired: ${name(developer)}`);
    expect(verdict([ended, storeKey, developer])).toBe(`key-expired: ${name(developer)}`);
  });
});

describe('what is missing', () => {
  it.each([
    ['the key of the signer', chain.filter((a) => a !== storeKey), name(storeKey)],
    ['the declaration of a revision', chain.filter((a) => a !== declaration), name(declaration)],
    ['the account of a publisher', chain.filter((a) => a !== developer), name(developer)],
  ])('is named: %s', (_, assertions, missing) => {
    expect(verdict(assertions)).toBe(`broken-chain: ${missing}`);
  });

  it('is named: the account of a key', () => {
    const key = authority.accountKey(newKey(), { 'account-id': OTHER });

    expect(verdict([key, storeKey])).toBe(`broken-chain: account (${OTHER})`);
  });

  it('is named: the operator of a store', () => {
    const store = authority.sign('store', { store: 'lab', 'operator-id': OTHER, timestamp: TIMESTAMP });

    expect(verdict([store, storeKey])).toBe(`broken-chain: account (${OTHER})`);
  });
});

describe('signatures', () => {
  it('refuses content that was changed after it was signed', () => {
    const text = declaration.bytes.toString().replace('lab-hello', 'lab-helln');

    expect(verdict([parseAssertion(text), developer, storeKey])).toBe(`bad-signature: ${name(declaration)}`);
  });

  it('refuses an older revision of an assertion that is no good, though a good one is beside it', () => {
    const old = parseAssertion(developer.bytes.toString().replace('unproven', 'verified'));
    const current = authority.account(DEVELOPER, { revision: '1' });

    expect(verdict([current, old, storeKey])).toBe(`bad-signature: ${name(developer)}`);
  });

  it("refuses an account-key that holds another's key", () => {
    const swapped = authority.accountKey(newKey(), {
      'account-id': DEVELOPER,
      'public-key-sha3-384': 'A'.repeat(64),
    });

    expect(verdict([swapped, developer, storeKey])).toBe(
      `inconsistent-assertion: account-key (${'A'.repeat(64)})`,
    );
  });

  it('refuses an account-key without a key', () => {
    const headers = { 'public-key-sha3-384': 'A'.repeat(64), 'account-id': DEVELOPER, since: TIMESTAMP };
    const empty = authority.sign('account-key', headers, authority.storeKey, 'no key');

    expect(verdict([empty, developer, storeKey])).toMatch(/^malformed-key/);
  });
});

/** A key assertion that claims to be number `i` and signed by number `next`. */
function forgedKey(i: number, next: number, like: Assertion): Assertion {
  const id = (n: number): string => String(n).padStart(64, '0');
  const text = like.bytes
    .toString()
    .replace(/public-key-sha3-384: .{64}/, `public-key-sha3-384: ${id(i)}`)
    .replace(/\nsign-key-sha3-384: .{64}/, `\nsign-key-sha3-384: ${id(next)}`);
  return parseAssertion(text);
}
