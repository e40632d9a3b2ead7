/** What a person may be allowed to do. In this order wherever roles are listed. */
export const ROLES = ['author', 'approver', 'qa', 'operator', 'admin', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** Who gives out rights takes no part in what is decided with them (R05, R27). */
const EXCLUDED_BY_ADMIN: readonly Role[] = ['author', 'approver', 'qa'];

/**
 * Granting one takes two people once a site is in use (R23): with `approver` and `qa` a person signs, and who could make an admin alone would be both
 * of the two.
 */
const TWO_PEOPLE: readonly Role[] = ['approver', 'qa', 'admin'];

export function takesTwoPeople(role: Role): boolean {
  return TWO_PEOPLE.includes(role);
}

export function isRole(word: string): word is Role {
  return (ROLES as readonly string[]).includes(word);
}

/** The first two of `roles` that nobody may hold together. */
export function excludingPair(roles: readonly Role[]): readonly [Role, Role] | undefined {
  if (!roles.includes('admin')) return undefined;
  const excluded = EXCLUDED_BY_ADMIN.find((role) => roles.includes(role));
  return excluded && ['admin', excluded];
}

export function inOrder(roles: Iterable<Role>): readonly Role[] {
  const held = new Set(roles);
  return ROLES.filter((role) => held.has(role));
}
