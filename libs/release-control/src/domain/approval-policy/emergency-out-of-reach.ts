import { personBehind, rolesIn, type LinkedAccounts } from '#kernel';
import { ratificationRules, SIGNING_ROLES, type ApprovalRules } from './approval-policy.js';
import { missing } from './missing.js';
import { inAnyOrder, type Candidate } from './out-of-reach.js';

/** An override that ends: what the ring asks for of holds without an end is another rule. */
const OVERRIDE = { kind: undefined } as const;

/**
 * What these people lack for an emergency that the policy of a ring pre-authorises, in words: somebody on call who releases it, and those who ratify it, whoever of them wrote and
 * whoever released it. Empty where they can, and where none is pre-authorised.
 */
export function emergencyOutOfReach(
  policy: ApprovalRules,
  ring: string,
  people: readonly Candidate[],
  linked?: LinkedAccounts,
): readonly string[] {
  const { emergency } = policy;
  if (!emergency) return [];
  const accounts = Map.groupBy(people, ({ id }) => personBehind(id, linked));
  const there = [...accounts].map(([person, all]) => {
    return { person, roles: [...new Set(all.flatMap(({ roles }) => rolesIn(roles, ring)))] };
  });
  const signers = there.filter(
    ({ roles }) => !roles.includes('admin') && SIGNING_ROLES.some((role) => roles.includes(role)),
  );
  const onCall = new Set(emergency.onCall.map(({ person }) => personBehind(person, linked)));
  const releasers = signers.filter(({ person }) => onCall.has(person));
  if (releasers.length === 0) return ['somebody on call who signs in the ring'];
  const authors = there.filter(({ roles }) => roles.includes('author'));
  if (authors.length === 0) return ['somebody with the role author'];
  const asked = ratificationRules(policy, [OVERRIDE]).map(({ kinds, rule }) => ({
    kinds,
    rule: inAnyOrder(rule),
  }));
  const needs = releasers.flatMap((releaser) =>
    authors.map((author) => {
      const others = signers.filter(({ person }) => person !== releaser.person && person !== author.person);
      return missing(asked, others);
    }),
  );
  if (needs.some((need) => need.length === 0)) return [];
  return (needs[0] ?? []).map((need) => `for the ratification ${need}`);
}
