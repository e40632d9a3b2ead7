import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalBytes, type JsonValue } from '#kernel';
import { CatalogError } from '../errors.js';
import { LARGEST_MANIFEST, parseManifest } from './parse-manifest.js';

const MANIFEST = {
  v: 1,
  format: 'snap',
  subject: 'labhelloidlabhelloidlabhelloid01',
  name: 'lab-hello',
  version: '5',
  architectures: ['all'],
  defaultTrack: null,
  snap: { name: 'lab-hello', revision: 5 },
  blob: { sha256: 'a'.repeat(64), sha3_384: 'b'.repeat(96), size: 44 },
  assertions: [{ type: 'account', primaryKey: ['me'], text: 'type: account\n' }],
};

function bytesOf(value: unknown): Uint8Array {
  return canonicalBytes(value as JsonValue);
}

describe('parseManifest', () => {
  it('reads what was written', () => {
    expect(parseManifest(bytesOf(MANIFEST))).toEqual(MANIFEST);
  });

  it.each([
    ['v', 2],
    ['format', 'deb'],
    ['subject', '../../../etc'],
    ['name', 'Lab Hello'],
    ['version', '05'],
    ['version', 5],
    ['architectures', []],
    ['architectures', [1]],
    ['defaultTrack', 1],
    ['snap', []],
    ['blob', { ...MANIFEST.blob, sha256: '../x' }],
    ['blob', { ...MANIFEST.blob, size: 1.5 }],
    ['assertions', {}],
    ['assertions', [{ type: 'account', primaryKey: [], text: 'type: account\n' }]],
    ['assertions', [{ type: 'account', primaryKey: ['me'], text: '' }]],
  ])('refuses another %s: %j', (member, value) => {
    expect(() => parseManifest(bytesOf({ ...MANIFEST, [member]: value }))).toThrow(CatalogError);
  });

  it('refuses what is too large to be one', () => {
    const large = { ...MANIFEST, snap: { description: 'x'.repeat(LARGEST_MANIFEST) } };
    expect(() => parseManifest(bytesOf(large))).toThrow(/bytes, at most/);
  });

  it('throws its own error for any bytes', () => {
    const anyBytes = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => Buffer.from(text)),
      fc.constant(Buffer.from('['.repeat(100_000))),
    );
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(() => parseManifest(bytes)).toThrow(CatalogError);
      }),
    );
  });
});
