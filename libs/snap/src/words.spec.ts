import { describe, expect, it } from 'vitest';
import { digestFromHex, digestToHex, snapDigest } from './digest.js';
import { isAccountId, isSnapId, isSnapName } from './names.js';
import { parseRevision } from './revision.js';
import { refusal } from './testing/refusal.js';

describe('names', () => {
  it.each(['core', 'lab-hello', 'a1', '0ad', 'x'.repeat(40), 'node-18-x'])('%s names a snap', (name) => {
    expect(isSnapName(name)).toBe(true);
  });

  it.each(['', 'a', '18', '1-2', '-a', 'a-', 'a--b', 'Core', 'a_b', 'a/b', 'x'.repeat(41), 'ab\n'])(
    '%j does not',
    (name) => {
      expect(isSnapName(name)).toBe(false);
    },
  );

  it('knows snap-ids and account-ids', () => {
    expect(isSnapId('99T7MUlRhtI3U0QFgl5mXXESAiSwt776')).toBe(true);
    expect(isSnapId('99T7MUlRhtI3U0QFgl5mXXESAiSwt77')).toBe(false);
    expect(
      ['canonical', '99T7MUlRhtI3U0QFgl5mXXESAiSwt776', 'x', 'Canonical', 'a/b'].map(isAccountId),
    ).toEqual([true, true, false, false, false]);
  });
});

describe('revisions', () => {
  it.each([
    ['1', 1],
    ['2147483647', 2_147_483_647],
  ])('%s is one', (text, revision) => {
    expect(parseRevision(text)).toBe(revision);
  });

  it.each(['0', '-1', 'x1', '01', '1.0', '2147483648', '', '1\n'])('%j is none', (text) => {
    expect(refusal(() => parseRevision(text))).toBe('malformed-revision');
  });
});

describe('digests', () => {
  // FIPS 202, SHA3-384 of the empty message.
  const hex =
    '0c63a75b845e4f7d01107d852e4c2485c51a50aaaa94fc61995e71bbee983a2ac3713831264adb47fb6bd1e058d5f004';

  it('are SHA3-384, written in two ways', () => {
    expect(digestToHex(snapDigest(Buffer.alloc(0)))).toBe(hex);
    expect(digestFromHex(hex)).toBe(snapDigest(Buffer.alloc(0)));
  });

  it.each(['', hex.toUpperCase(), hex.slice(2), `${hex}00`])('hex %j is none', (text) => {
    expect(refusal(() => digestFromHex(text))).toBe('malformed-digest');
  });

  it.each(['', 'A'.repeat(63), `${'A'.repeat(63)}=`, `${'A'.repeat(63)}/`])(
    'base64url %j is none',
    (text) => {
      expect(refusal(() => digestToHex(text))).toBe('malformed-digest');
    },
  );
});
