import { describe, expect, it } from 'vitest';
import { ServingError } from '../errors.js';
import { DOWNLOAD_LIFETIME_MS, downloadTokens, type DownloadGrant } from './download-tokens.js';

const key = Buffer.alloc(32, 7);
const tokens = downloadTokens(key, 'production');
const now = Date.parse('2026-11-23T12:00:00Z');
const grant: DownloadGrant = {
  from: 'relayed',
  sha3_384: 'ab'.repeat(48),
  size: 69632,
  upstream: 'https://store.example/download/x.snap?token=SECRET',
};

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ServingError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('download tokens', () => {
  it('gives back what it sealed', () => {
    expect(tokens.open(tokens.seal(grant, 'brand', now), 'brand', now + 1)).toEqual(grant);
  });

  it('is lengthened by a clock that was set back, and not for ever', () => {
    const token = tokens.seal(grant, '', now);
    expect(codeOf(() => tokens.open(token, '', now - 3_600_000))).toBe('no error');
    expect(codeOf(() => tokens.open(token, '', now - DOWNLOAD_LIFETIME_MS - 1))).toBe('download-expired');
  });

  it('keeps the upstream address, and the tokens in it, unreadable', () => {
    const token = tokens.seal(grant, '', now);
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('SECRET');
  });

  it('seals a kept artefact once an hour for each store', () => {
    const kept: DownloadGrant = { from: 'kept', sha3_384: 'ab'.repeat(48), sha256: 'cd'.repeat(32), size: 5 };
    const token = tokens.seal(kept, 'brand', now);
    expect(tokens.seal({ ...kept }, 'brand', now + 59 * 60_000)).toBe(token);
    expect(tokens.seal(kept, '', now)).not.toBe(token);
    expect(tokens.seal({ ...kept, sha3_384: 'ef'.repeat(48) }, 'brand', now)).not.toBe(token);
    const later = tokens.seal(kept, 'brand', now + 60 * 60_000);
    expect(later).not.toBe(token);
    expect(tokens.open(later, 'brand', now + DOWNLOAD_LIFETIME_MS)).toEqual(kept);
    expect(codeOf(() => tokens.open(token, 'brand', now + DOWNLOAD_LIFETIME_MS))).toBe('download-expired');
  });

  it('seals what is relayed once an hour, and another address of upstream, with its tokens, as another', () => {
    const token = tokens.seal(grant, '', now);
    expect(tokens.seal({ ...grant }, '', now)).toBe(token);
    const other = { ...grant, upstream: `${grant.upstream}2` };
    expect(tokens.open(tokens.seal(other, '', now), '', now)).toEqual(other);
    expect(tokens.seal(grant, 'brand', now)).not.toBe(token);
  });

  it('remembers no more than a bound, whatever stores devices make up', () => {
    const flooded = downloadTokens(key, 'production');
    const token = flooded.seal(grant, 'store-0', now);
    for (let n = 1; n < 4095; n++) flooded.seal(grant, `store-${n}`, now);
    expect(flooded.seal(grant, 'store-0', now)).toBe(token);
    flooded.seal(grant, 'one more', now);
    expect(flooded.seal(grant, 'store-0', now)).not.toBe(token);
    expect(flooded.open(token, 'store-0', now)).toEqual(grant);
  });

  it('expires', () => {
    const token = tokens.seal(grant, '', now);
    expect(tokens.open(token, '', now + DOWNLOAD_LIFETIME_MS - 1)).toEqual(grant);
    expect(codeOf(() => tokens.open(token, '', now + DOWNLOAD_LIFETIME_MS))).toBe('download-expired');
  });

  it.each([
    ['another store', downloadTokens(key, 'production'), 'other-store'],
    ['another ring', downloadTokens(key, 'pilot'), 'brand'],
    ['another key', downloadTokens(Buffer.alloc(32, 8), 'production'), 'brand'],
  ])('refuses one made for %s', (_, other, store) => {
    const token = tokens.seal(grant, 'brand', now);
    expect(codeOf(() => other.open(token, store, now))).toBe('download-refused');
  });

  it('refuses every token with one bit changed', () => {
    const bytes = Buffer.from(tokens.seal(grant, '', now), 'base64url');
    for (let i = 0; i < bytes.length; i++) {
      const edited = Buffer.from(bytes);
      edited.writeUInt8(edited.readUInt8(i) ^ 1, i);
      expect(codeOf(() => tokens.open(edited.toString('base64url'), '', now))).toBe('download-refused');
    }
  });

  it.each(['', 'x', 'not base64!', 'A'.repeat(20), 'A'.repeat(5000)])('refuses %j', (token) => {
    expect(codeOf(() => tokens.open(token, '', now))).toBe('download-refused');
  });
});
