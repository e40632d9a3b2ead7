import { expect, it } from 'vitest';
import type { ApprovalRule, ApprovalRules } from '../api/approval-types.js';
import { rulesText } from './approval-rules.js';

const rule = (approvals: number): ApprovalRule => ({ approvals, roles: {}, order: 'any' });

it('shows the rule of every kind: nobody is to sign what is not shown', () => {
  const rules: ApprovalRules = { default: rule(2), kinds: { resume: rule(3), override: rule(1) } };
  expect(rulesText(rules)).toBe('default: 2; override: 1; resume: 3');
});

it('shows which ticket each change follows', () => {
  const ticket = { system: 'servicedesk', approved: 'before-signing' } as const;
  expect(rulesText({ default: rule(2), ticket })).toBe(
    'default: 2; ticket: of servicedesk, approved before signing',
  );
  expect(rulesText({ default: rule(2), ticket: { system: 'desk' } })).toBe('default: 2; ticket: of desk');
});

it('shows that of a kind which only a later server knows', () => {
  const kinds = { 'reboot-now': rule(1) } as ApprovalRules['kinds'];
  expect(rulesText({ default: rule(2), ...(kinds && { kinds }) })).toBe('default: 2; reboot-now: 1');
});
