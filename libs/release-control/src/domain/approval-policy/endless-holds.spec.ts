import { expect, it } from 'vitest';
import { BUILT_IN_POLICY, type ApprovalRule } from './approval-policy.js';
import { signaturesForEndlessHold } from './endless-holds.js';

const rule = (approvals: number): ApprovalRule => ({ approvals, roles: { approver: 1 }, order: 'any' });

it.each([
  ['the built-in policy', BUILT_IN_POLICY, 1],
  ['two for all', { default: rule(2), kinds: {} }, 2],
  ['two for overrides alone', { default: rule(1), kinds: { override: rule(2) } }, 2],
  ['two for holds without an end', { default: rule(1), kinds: { 'hold-without-expiry': rule(2) } }, 2],
  ['one for both, two for the rest', { default: rule(2), kinds: { override: rule(1) } }, 1],
  [
    'one for holds without an end, beside two for every override',
    { default: rule(2), kinds: { 'hold-without-expiry': rule(1) } },
    2,
  ],
] as const)('R38: says how many sign a hold without an end, by %s', (_what, rules, persons) => {
  expect(signaturesForEndlessHold(rules)).toBe(persons);
});
