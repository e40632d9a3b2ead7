import { describe, expect, it } from 'vitest';
import { KeyedSeals } from './keyed-seals.js';

const key = 'forward-proxy-credentials';
const value = 'holdfast:hunter2 ü';
const seals = new KeyedSeals(Buffer.alloc(32, 1), 'setting');
const others = new KeyedSeals(Buffer.alloc(32, 2), 'setting');
const digest = seals.digestOf(key, value);

describe('the seal of a secret', () => {
  it('opens where it was made', () => {
    expect(seals.open(key, digest, seals.seal(key, digest, value))).toBe(value);
    expect(seals.open(key, seals.digestOf(key, ''), seals.seal(key, seals.digestOf(key, ''), ''))).toBe('');
  });

  it('is another each time, under one digest', () => {
    expect(seals.seal(key, digest, value)).not.toEqual(seals.seal(key, digest, value));
    expect(seals.digestOf(key, value)).toEqual(digest);
    expect(digest.hmacSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has a digest that nobody can try guesses against without the key of the site', () => {
    expect(others.digestOf(key, value)).not.toEqual(digest);
    expect(seals.digestOf(key, `${value}.`)).not.toEqual(digest);
  });

  it('opens for no other digest, under no other key, and not when a bit of it differs', () => {
    const sealed = seals.seal(key, digest, value);
    expect(seals.open(key, seals.digestOf(key, 'other'), sealed)).toBeUndefined();
    expect(others.open(key, digest, sealed)).toBeUndefined();
    for (let i = 0; i < sealed.length; i++) {
      const altered = Buffer.from(sealed);
      altered.writeUInt8(altered.readUInt8(i) ^ 1, i);
      expect(seals.open(key, digest, altered)).toBeUndefined();
    }
    for (const length of [0, 11, 12, 27, sealed.length - 1])
      expect(seals.open(key, digest, sealed.subarray(0, length))).toBeUndefined();
  });

  it('opens for no other purpose', () => {
    const ofSinks = new KeyedSeals(Buffer.alloc(32, 1), 'sink');
    expect(ofSinks.digestOf(key, value)).not.toEqual(digest);
    expect(ofSinks.open(key, digest, seals.seal(key, digest, value))).toBeUndefined();
  });
});
