import { personBehind, rolesIn, type LinkedAccounts } from '#kernel';
import {
  CHANGE_KINDS,
  inRole,
  ruleOf,
  SIGNING_ROLES,
  VERIFYING_ROLES,
  type ApprovalRule,
  type ApprovalRules,
  type ChangeKind,
} from './approval-policy.js';
import { missing } from './missing.js';

/** Somebody who could sign, or ask. */
export interface Candidate {
  readonly id: string;
  /** As actors have them. */
  readonly roles: readonly string[];
}

/** What nobody could meet: the kinds of change, and what would be missing though everybody signed. */
export interface OutOfReach {
  readonly kinds: readonly ChangeKind[];
  readonly missing: readonly string[];
}

/**
 * The rules of a ring that these people cannot meet, whoever of them asks for the change: its author does not sign it, and an admin does not at all. Where
 * nobody is an author in the ring, none can be met; nor where the policy has others verify than those who signed, and nobody is left for it. The order of
 * signatures is theirs to keep, and no matter here.
 */
export function outOfReach(
  policy: Pick<ApprovalRules, 'default' | 'kinds' | 'verifiedByOthers'>,
  ring: string,
  people: readonly Candidate[],
  linked?: LinkedAccounts,
): readonly OutOfReach[] {
  const accounts = Map.groupBy(people, ({ id }) => personBehind(id, linked));
  const there = [...accounts].map(([person, all]) => {
    return { person, roles: [...new Set(all.flatMap(({ roles }) => rolesIn(roles, ring)))] };
  });
  const signers = there.filter(({ roles }) => !roles.includes('admin'));
  const authors = there.filter(({ roles }) => roles.includes('author'));
  const verifiers = signers.filter(({ roles }) => VERIFYING_ROLES.some((role) => roles.includes(role)));
  const byRule = Map.groupBy(CHANGE_KINDS, (kind) => JSON.stringify(ruleOf(policy, kind)));
  return [...byRule.values()].flatMap((kinds): OutOfReach[] => {
    const [first] = kinds;
    if (!first) return [];
    if (authors.length === 0) return [{ kinds, missing: ['somebody with the role author'] }];
    const asked = [{ kinds, rule: inAnyOrder(ruleOf(policy, first)) }];
    const needs = authors.map(({ person }) => {
      const others = signers.filter((signer) => signer.person !== person);
      const need = missing(asked, others);
      if (need.length > 0 || policy.verifiedByOthers === undefined) return need;
      const isLeft = verifiers.some(
        (verifier) =>
          verifier.person !== person &&
          missing(
            asked,
            others.filter((other) => other.person !== verifier.person),
          ).length === 0,
      );
      return isLeft ? [] : [VERIFIER];
    });
    if (needs.some((need) => need.length === 0)) return [];
    return [{ kinds, missing: needs[0] ?? [] }];
  });
}

const VERIFIER = 'somebody who verifies it with the role operator or qa, and neither wrote nor signs it';

/** Who reviews does not approve: taken together, both ask for so many different persons. */
export function inAnyOrder({ reviews, ...rule }: ApprovalRule): ApprovalRule {
  const approvals = rule.approvals + (reviews?.persons ?? 0);
  const roles = SIGNING_ROLES.flatMap((role) => {
    const asked = inRole(rule, role) + (reviews ? inRole(reviews, role) : 0);
    return asked === 0 ? [] : [[role, asked] as const];
  });
  return { approvals, roles: Object.fromEntries(roles), order: 'any' };
}
