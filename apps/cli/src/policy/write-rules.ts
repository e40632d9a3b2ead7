import { stringify } from 'yaml';
import type { ApprovalPolicy, ApprovalRule, ApprovalRules } from '../api/types.js';
import { namedRules, rolesAsked } from './approval-rules.js';

/** A ring's approval policy as the file that sets it. */
export function writeRulesFile({ ring, version, changeRequest, rules }: ApprovalPolicy): string {
  const since = changeRequest === null ? 'built in' : `set by ${changeRequest}`;
  return `# ring ${ring}, version ${version}, ${since}\n${stringify(rulesContent(rules), { schema: 'failsafe', lineWidth: 0 })}`;
}

/** Rules as a file holds them: all of it text, the same for the same rules. */
export function rulesContent(rules: ApprovalRules): Readonly<Record<string, object>> {
  return Object.fromEntries(namedRules(rules).map(([name, rule]) => [name, ruleContent(rule)]));
}

function ruleContent(rule: ApprovalRule): object {
  const roles = rolesAsked(rule);
  const { order } = rule;
  return {
    approvals: String(rule.approvals),
    ...(roles.length === 0
      ? {}
      : { roles: Object.fromEntries(roles.map(([role, count]) => [role, String(count)])) }),
    ...(order === 'any' ? {} : { order: [...order] }),
  };
}
