import { expect, it } from 'vitest';
import { RingAccess } from './ring-access.js';

const HELLO = { format: 'snap', subject: 'id-of-hello', name: 'lab-hello' };
const TOOL = { format: 'snap', subject: 'id-of-tool', name: 'lab-tool' };

it('an open ring passes everything but what is denied', () => {
  const access = new RingAccess({ access: 'open', denied: [TOOL] });
  expect(access.passes('id-of-hello')).toBe(true);
  expect(access.passes('id-of-tool')).toBe(false);
  expect(access.reason('id-of-tool')).toBe('denied');
});

it('a gated ring passes what is allowed', () => {
  const access = new RingAccess({ access: 'gated', allowed: [HELLO] });
  expect(access.passes('id-of-hello')).toBe(true);
  expect(access.passes('id-of-tool')).toBe(false);
  expect(access.reason('id-of-tool')).toBe('not-approved');
});

it('a denial counts more than an allowance', () => {
  const access = new RingAccess({ access: 'gated', denied: [TOOL], allowed: [TOOL] });
  expect(access.passes('id-of-tool')).toBe(false);
  expect(access.showsName('lab-tool')).toBe(false);
});

it('what is blocked is refused like what is denied, for its own reason', () => {
  const access = new RingAccess({ access: 'open', blocked: [TOOL], denied: [HELLO] });
  expect(access.passes('id-of-tool')).toBe(false);
  expect(access.denies('id-of-tool')).toBe(true);
  expect(access.reason('id-of-tool')).toBe('blocked');
  expect(access.reason(undefined, 'lab-tool')).toBe('blocked');
  expect(new RingAccess({ access: 'open', blocked: [TOOL], denied: [TOOL] }).reason('id-of-tool')).toBe(
    'denied',
  );
});

it('what is not known to be of another snap may be of a denied one', () => {
  expect(RingAccess.open.passes(undefined)).toBe(true);
  expect(RingAccess.gated.passes(undefined)).toBe(false);
  expect(new RingAccess({ access: 'open', denied: [TOOL] }).passes(undefined)).toBe(false);
});

it('a name tells whom to ask, and no more: it may be another snap’s by now', () => {
  const access = new RingAccess({ access: 'open', denied: [TOOL] });
  expect(access.mayAsk('lab-tool')).toBe(true);
  const gated = new RingAccess({ access: 'gated', allowed: [HELLO] });
  expect(gated.mayAsk('lab-hello')).toBe(true);
  expect(gated.mayAsk('lab-tool')).toBe(false);
});

it('lists of another format say nothing of snaps', () => {
  const access = new RingAccess({ access: 'open', denied: [{ ...TOOL, format: 'apt' }] });
  expect(access.passesAll).toBe(true);
});
