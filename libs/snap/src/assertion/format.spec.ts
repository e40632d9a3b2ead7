import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { canonicalTrustRoots, formatContent, parseAssertion } from '#snap';
import { fixture } from '../testing/fixture.js';
import { refusal } from '../testing/refusal.js';

const KEY = 'k'.repeat(64);
// snapd 2.57.6 places a snap-revision's provenance among the other headers (protocol page §10).
const recorded = readdirSync(new URL('../../fixtures/', import.meta.url))
  .filter((name) => !name.endsWith('.json') && !name.endsWith('.snap-revision'))
  .map((name) => parseAssertion(fixture(name)));
const { trusted, predefined } = canonicalTrustRoots();

describe('formatContent', () => {
  it.each([...recorded, ...trusted, ...predefined])(
    "writes the headers of snapd's own $type in the same order and form",
    (assertion) => {
      const { type, headers, body, signKeyId, content } = assertion;

      expect(formatContent({ type, headers, body }, signKeyId).toString()).toBe(content.toString());
    },
  );

  it('leaves out what goes without saying', () => {
    const silent = { format: '0', revision: '0', 'signatory-id': 'me', empty: [], nothing: { deep: [{}] } };
    const headers = { b: ['x', []], a: '', store: 'lab', 'authority-id': 'me', ...silent };

    expect(formatContent({ type: 'store', headers }, KEY).toString()).toBe(
      `type: store\nauthority-id: me\nstore: lab\na: \nb:\n  - x\nsign-key-sha3-384: ${KEY}`,
    );
  });

  it('orders format and revision before the primary key, and the length of the body last but one', () => {
    const headers = { a: '1', store: 'lab', revision: '2', 'authority-id': 'me', format: '1' };

    expect(formatContent({ type: 'store', headers, body: 'ü' }, KEY).toString()).toBe(
      `type: store\nformat: 1\nauthority-id: me\nrevision: 2\nstore: lab\na: 1\nbody-length: 2\nsign-key-sha3-384: ${KEY}\n\nü`,
    );
  });

  it.each([
    ['no primary key', { 'authority-id': 'me' }],
    ['no authority', { store: 'lab' }],
    ['a name that is none', { 'authority-id': 'me', store: 'lab', 'Bad Name': 'x' }],
    ['a nested name that is none', { 'authority-id': 'me', store: 'lab', map: { 'a: b\n': 'x' } }],
    ['a lone surrogate', { 'authority-id': 'me', store: 'lab', text: '\ud800' }],
  ])('refuses %s', (_, headers) => {
    expect(refusal(() => formatContent({ type: 'store', headers }, KEY))).toBe('malformed-assertion');
  });

  it.each([
    ['headers', { x: 'x'.repeat(128 * 1024) }, ''],
    ['a body', {}, 'x'.repeat(2 * 1024 * 1024 + 1)],
  ])('refuses %s that no reader would take', (_, headers, body) => {
    const draft = { type: 'store', headers: { 'authority-id': 'me', store: 'lab', ...headers }, body };

    expect(refusal(() => formatContent(draft, KEY))).toBe('assertion-too-large');
  });
});
