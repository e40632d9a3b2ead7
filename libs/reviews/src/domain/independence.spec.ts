import { expect, it } from 'vitest';
import { isOwnPresence } from './independence.js';

it.each([
  ['signing in, and one’s own credentials', 'person/ana', true],
  ['claiming a security key', 'security-key/0a1b', true],
  ['claiming an identity of the provider', 'single-sign-on/0a1b', true],
  ['taking a copy of the record', 'record-copies', true],
  ['reviewing the trail', 'review/TR-0007', true],
  ['what is done to somebody else', 'person/ben', false],
  ['reviewing who may do what', 'review/AR-0003', false],
  ['deciding on a change', 'change-request/CR-2026-0001', false],
])('R13: of who acted, %s', (_what, stream, expected) => {
  expect(isOwnPresence(stream, 'ana')).toBe(expected);
});
