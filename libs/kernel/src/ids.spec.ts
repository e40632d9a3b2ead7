import { describe, expect, it } from 'vitest';
import { uuidOf, uuidv7 } from '#kernel';

describe('uuidv7', () => {
  it('has the form, version and variant of RFC 9562, 5.7', () => {
    for (let i = 0; i < 200; i++) {
      expect(uuidv7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it("begins with the millisecond: that of the RFC's example", () => {
    // RFC 9562, appendix A.6: 2022-02-22T19:22:22.000Z.
    expect(uuidv7(0x017f22e279b0).slice(0, 15)).toBe('017f22e2-79b0-7');
  });

  it.each([0, 2 ** 48 - 1])('has room for the millisecond %i', (now) => {
    expect(Number.parseInt(uuidv7(now).replaceAll('-', '').slice(0, 12), 16)).toBe(now);
  });

  it('sorts by time', () => {
    const ids = [1, 255, 256, 65_536, 1_790_000_000_000].map((now) => uuidv7(now));
    expect(ids.toSorted()).toEqual(ids);
  });

  it('is another one each time, in the same millisecond too', () => {
    expect(new Set(Array.from({ length: 1000 }, () => uuidv7(1))).size).toBe(1000);
  });
});

describe('uuidOf', () => {
  it('has the form, version and variant of RFC 9562, 5.8', () => {
    for (let i = 0; i < 200; i++) {
      expect(uuidOf(String(i))).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
  });

  it('is the same for the same words, and another one however they are divided otherwise', () => {
    expect(uuidOf('a', 'b')).toBe(uuidOf('a', 'b'));
    expect(
      new Set([uuidOf('a', 'b'), uuidOf('ab'), uuidOf('a,b'), uuidOf('b', 'a'), uuidOf('a', 'b', '')]).size,
    ).toBe(5);
  });
});
