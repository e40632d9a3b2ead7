import { ruleOf, type ApprovalRules } from './approval-policy.js';

/** Persons who have to sign a hold without an end, which takes what an override takes as well (R38). */
export function signaturesForEndlessHold(rules: Pick<ApprovalRules, 'default' | 'kinds'>): number {
  return Math.max(ruleOf(rules, 'override').approvals, ruleOf(rules, 'hold-without-expiry').approvals);
}
