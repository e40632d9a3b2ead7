import type { ApprovalRule, ApprovalRules, ChangeKind, SigningRole } from '../api/types.js';

/** In this order wherever they are listed. */
export const SIGNING_ROLES = ['approver', 'qa'] as const satisfies readonly SigningRole[];
/** Each of them, so that no rule is left out of what people read, and sign. */
const KINDS: Readonly<Record<ChangeKind, true>> = {
  override: true,
  access: true,
  listing: true,
  'publisher-changes': true,
  unblock: true,
  resume: true,
  'approval-policy': true,
};
export const CHANGE_KINDS = Object.keys(KINDS) as readonly ChangeKind[];

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
    // Of a later server: nobody is to sign what is not shown.
    ...Object.entries(kinds ?? {}).filter(([kind]) => !Object.hasOwn(KINDS, kind)),
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
