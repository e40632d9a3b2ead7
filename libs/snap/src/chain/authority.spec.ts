import { describe, expect, it } from 'vitest';
import type { Assertion } from '#snap';
import { DEVELOPER, newKey, TIMESTAMP } from '../testing/authority.js';
import { authority, developer, FILE, name, OTHER, SNAP_ID, storeKey, verdict } from '../testing/chain.js';

describe('authority', () => {
  const brandKey = authority.accountKey(authority.developerKey, { 'account-id': DEVELOPER });
  const sign = (type: string, headers: Record<string, string>): Assertion =>
    authority.sign(type, { timestamp: TIMESTAMP, ...headers }, authority.developerKey);

  it("refuses a trusted authority's name on another's signature", () => {
    const forged = sign('account', { 'account-id': OTHER });

    expect(verdict([forged, brandKey, developer, storeKey])).toBe(`wrong-authority: account (${OTHER})`);
  });

  it.each([
    ['account', { 'account-id': OTHER }],
    ['store', { store: 'lab', 'operator-id': DEVELOPER }],
    ['snap-declaration', { series: '16', 'snap-id': SNAP_ID, 'snap-name': 'x-y', 'publisher-id': DEVELOPER }],
  ])('refuses a %s that a developer signed in their own name', (type, headers) => {
    const own = sign(type, { 'authority-id': DEVELOPER, ...headers });

    expect(verdict([own, brandKey, developer, storeKey])).toBe(`wrong-authority: ${name(own)}`);
  });

  it('refuses a key that a developer certified', () => {
    const key = authority.accountKey(
      newKey(),
      { 'authority-id': DEVELOPER, 'account-id': DEVELOPER },
      authority.developerKey,
    );

    expect(verdict([key, brandKey, developer, storeKey])).toBe(`wrong-authority: ${name(key)}`);
  });

  it.each([
    ['model', { series: '16', 'brand-id': OTHER, model: 'm' }],
    ['serial', { 'brand-id': OTHER, model: 'm', serial: 's' }],
    ['validation-set', { series: '16', 'account-id': OTHER, name: 'set', sequence: '1' }],
  ])("refuses a %s in another's name", (type, headers) => {
    const foreign = sign(type, { 'authority-id': DEVELOPER, ...headers });

    expect(verdict([foreign, brandKey, developer, storeKey])).toBe(`wrong-authority: ${name(foreign)}`);
  });

  it('refuses delegation', () => {
    const delegated = authority.account(OTHER, { 'signatory-id': DEVELOPER });

    expect(verdict([delegated, storeKey])).toBe(`wrong-authority: account (${OTHER})`);
  });

  it.each([
    ['within its bounds', { 'min-revision': '5', 'max-revision': '9' }, undefined],
    ['below its bounds', { 'min-revision': '8' }, 'wrong-authority'],
    ['above its bounds', { 'max-revision': '6' }, 'wrong-authority'],
    ['within bounds that are no revisions', { 'max-revision': 'x' }, 'wrong-authority'],
    ['for another provenance', { provenance: ['other'] }, 'wrong-authority'],
  ])('judges a revision of a provenance of its own %s', (_, bounds, expected) => {
    const entry = { 'account-id': DEVELOPER, provenance: ['prod'], ...bounds };
    const open = authority.declaration(SNAP_ID, 'lab-hello', { format: '5', 'revision-authority': [entry] });
    const headers = { 'authority-id': DEVELOPER, provenance: 'prod' };
    const own = authority.revision(SNAP_ID, 7, FILE, headers, authority.developerKey);

    const code = verdict([own, open, brandKey, developer, storeKey])?.split(':')[0];

    expect(code).toBe(expected);
  });
});
