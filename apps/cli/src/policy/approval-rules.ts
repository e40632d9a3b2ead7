import type { ApprovalRule, ApprovalRules, ChangeKind, SigningRole } from '../api/types.js';

/** In this order wherever they are listed. */
export const SIGNING_ROLES = ['approver', 'qa'] as const satisfies readonly SigningRole[];
export const CHANGE_KINDS = [
  'override',
  'access',
  'listing',
  'publisher-changes',
  'unblock',
  'approval-policy',
] as const satisfies readonly ChangeKind[];

/** The rules by name, `default` first: as people write them. */
export function namedRules({
  default: otherwise,
  kinds,
}: ApprovalRules): readonly (readonly [string, ApprovalRule])[] {
  return [
    ['default', otherwise],
    ...CHANGE_KINDS.flatMap((kind) => {
      const rule = kinds?.[kind];
      return rule ? [[kind, rule] as const] : [];
    }),
  ];
}

/** How many of the persons must hold which role, for each that is asked for. */
export function rolesAsked({ roles }: ApprovalRule): readonly (readonly [SigningRole, number])[] {
  return SIGNING_ROLES.flatMap((role) => {
    const count = roles?.[role];
    return count === undefined ? [] : [[role, count] as const];
  });
}

/** A rule on one line: `2 (1 qa), in order: approver, qa`. */
export function ruleText(rule: ApprovalRule): string {
  const roles = rolesAsked(rule).map(([role, count]) => `${count} ${role}`);
  const { order } = rule;
  return [
    `${rule.approvals}${roles.length === 0 ? '' : ` (${roles.join(', ')})`}`,
    ...(order === 'any' ? [] : [`in order: ${order.join(', ')}`]),
  ].join(', ');
}

/** All of them on one line; equal for equal rules. */
export function rulesText(rules: ApprovalRules): string {
  return namedRules(rules)
    .map(([name, rule]) => `${name}: ${ruleText(rule)}`)
    .join('; ');
}
