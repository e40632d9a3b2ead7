import { describe, expect, it } from 'vitest';
import { crossCheckSnapDeclaration, crossCheckSnapRevision, snapDigest } from '#snap';
import { DEVELOPER } from '../testing/authority.js';
import {
  authority,
  declaration,
  developer,
  FILE,
  name,
  revision,
  roots,
  SNAP_ID,
  storeKey,
  verdict,
} from '../testing/chain.js';
import { refusal } from '../testing/refusal.js';

describe('time', () => {
  const limited = authority.storeAccountKey({ since: '2023-01-01T00:00:00Z', until: '2025-01-01T00:00:00Z' });

  it.each([
    ['2022-12-31T23:59:59Z', 'key-not-yet-valid'],
    ['2024-06-01T00:00:00Z', undefined],
    ['2025-01-01T00:00:00Z', 'key-expired'],
  ])('a key is valid from its since until before its until: %s', (at, expected) => {
    const found = verdict([authority.account(DEVELOPER), limited], roots, new Date(at));

    expect(found?.split(':')[0]).toBe(expected);
  });

  it.each(['2022-06-01T00:00:00Z', '2025-06-01T00:00:00Z'])(
    'refuses a timestamp at which the key was not valid: %s',
    (timestamp) => {
      const found = verdict(
        [authority.account(DEVELOPER, { timestamp }), limited],
        roots,
        new Date('2024-06-01T00:00:00Z'),
      );

      expect(found).toBe(`timestamp-outside-key-validity: account (${DEVELOPER})`);
    },
  );

  it.each(['yesterday', '2024-01-02', '2024-13-02T03:04:05Z'])(
    'refuses a timestamp that is none: %s',
    (timestamp) => {
      expect(verdict([authority.account(DEVELOPER, { timestamp }), storeKey])).toBe(
        `malformed-assertion: account (${DEVELOPER})`,
      );
    },
  );
});

describe('content', () => {
  it('refuses a newer format than it can judge', () => {
    const newer = authority.declaration(SNAP_ID, 'lab-hello', { format: '7' });

    expect(verdict([newer, developer, storeKey])).toBe(`unsupported-format: ${name(declaration)}`);
  });

  it.each([
    ['snap-revision', { 'snap-revision': '0' }],
    ['snap-size', { 'snap-size': '-1' }],
  ])('refuses a snap-revision with a wrong %s', (_, headers) => {
    const wrong = authority.revision(SNAP_ID, 7, FILE, headers);

    expect(verdict([wrong, declaration, developer, storeKey])).toBe(`malformed-assertion: ${name(wrong)}`);
  });

  it('accepts a revoked declaration, whose name is empty', () => {
    expect(verdict([authority.declaration(SNAP_ID, ''), developer, storeKey])).toBeUndefined();
  });

  it('refuses a declaration whose name is none', () => {
    expect(verdict([authority.declaration(SNAP_ID, '../etc'), developer, storeKey])).toMatch(
      /^malformed-assertion/,
    );
  });
});

describe('cross-checks with what was downloaded', () => {
  const facts = { snapId: SNAP_ID, revision: 7, size: FILE.length, digest: snapDigest(FILE) };

  it('accept the file that the revision speaks of, and the name of its declaration', () => {
    expect(refusal(() => crossCheckSnapRevision(revision, facts))).toBe('accepted');
    expect(
      refusal(() => crossCheckSnapDeclaration(declaration, { snapId: SNAP_ID, name: 'lab-hello' })),
    ).toBe('accepted');
  });

  it.each([{ snapId: 'x'.repeat(32) }, { revision: 8 }, { size: 1 }, { digest: 'A'.repeat(64) }])(
    'refuse %j',
    (wrong) => {
      expect(refusal(() => crossCheckSnapRevision(revision, { ...facts, ...wrong }))).toBe(
        'inconsistent-assertion',
      );
    },
  );

  it.each([{ snapId: 'x'.repeat(32) }, { name: 'lab-tool' }])('refuse a declaration of %j', (wrong) => {
    const snap = { snapId: SNAP_ID, name: 'lab-hello', ...wrong };

    expect(refusal(() => crossCheckSnapDeclaration(declaration, snap))).toBe('inconsistent-assertion');
  });
});
