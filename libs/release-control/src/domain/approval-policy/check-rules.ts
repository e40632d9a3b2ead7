import { ReleaseControlError } from '../errors.js';
import {
  CHANGE_KINDS,
  MOST_APPROVALS,
  ruleOf,
  SIGNING_ROLES,
  type ApprovalRule,
  type ApprovalRules,
} from './approval-policy.js';

/**
 * Refuses rules that cannot be meant. Where the ring asks for two persons anywhere, one alone may not change what it asks for (R26).
 * @throws ReleaseControlError `invalid-items`
 */
export function checkRules(rules: ApprovalRules): void {
  const named = [
    ['default', rules.default] as const,
    ...CHANGE_KINDS.flatMap((kind) => {
      const rule = rules.kinds[kind];
      return rule ? [[kind, rule] as const] : [];
    }),
  ];
  for (const [name, rule] of named) {
    const wrong = problemWith(rule);
    if (wrong) throw invalid(`the rule "${name}" ${wrong}`);
  }
  const several = named.find(([, { approvals }]) => approvals > 1);
  if (several && ruleOf(rules, 'approval-policy').approvals < 2) {
    throw invalid(
      `the rule "${several[0]}" asks for ${several[1].approvals} persons, and one alone could change it: let the rule "approval-policy" ask for two at least`,
    );
  }
}

function problemWith({ approvals, roles, order }: ApprovalRule): string | undefined {
  if (!isCount(approvals)) return `asks for ${approvals} approvals: it must be 1 to ${MOST_APPROVALS}`;
  const wrong = SIGNING_ROLES.find((role) => roles[role] !== undefined && !isCount(roles[role]));
  if (wrong)
    return `asks for ${roles[wrong]} persons with the role ${wrong}: leave it out, or ask for 1 to ${MOST_APPROVALS}`;
  const inRoles = SIGNING_ROLES.reduce((sum, role) => sum + (roles[role] ?? 0), 0);
  if (inRoles > approvals) return `names ${inRoles} persons by role and asks for ${approvals} approvals only`;
  if (order === 'any') return undefined;
  if (order.length === 0) return 'has an empty order: say "any", or in which roles the signatures come';
  if (order.length > approvals)
    return `names ${order.length} roles in order and asks for ${approvals} approvals only`;
  const missing = SIGNING_ROLES.find(
    (role) => order.filter((each) => each === role).length < (roles[role] ?? 0),
  );
  return (
    missing &&
    `asks for ${roles[missing]} of the role ${missing}, and its order names fewer: name each of them`
  );
}

function isCount(number: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= MOST_APPROVALS;
}

function invalid(message: string): ReleaseControlError {
  return new ReleaseControlError('invalid-items', message);
}
