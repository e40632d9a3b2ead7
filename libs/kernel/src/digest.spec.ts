import { describe, expect, it } from 'vitest';
import { fold, recordDigest, sha256Hex } from '#kernel';

describe('digests', () => {
  it("are SHA-256 in hex: FIPS 180-2's example", () => {
    expect(sha256Hex(Buffer.from('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('of a record are those of its canonical bytes, in whatever order it was put together', () => {
    const digest = sha256Hex(Buffer.from('{"a":1,"b":[2]}'));
    expect(recordDigest({ b: [2], a: 1 })).toBe(digest);
    expect(recordDigest({ a: 1, b: [3] })).not.toBe(digest);
  });
});

describe('fold', () => {
  it('takes the events in order, from the initial state', () => {
    const words = {
      initialState: '',
      evolve: (state: string, event: { type: 'Said'; data: string }) => state + event.data,
    };
    expect(
      fold(words, [
        { type: 'Said', data: 'a' },
        { type: 'Said', data: 'b' },
      ]),
    ).toBe('ab');
    expect(fold(words, [])).toBe('');
  });
});
