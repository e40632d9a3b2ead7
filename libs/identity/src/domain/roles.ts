import { heldRoleParts } from '#kernel';
import { IdentityError } from './errors.js';

/** What a person may be allowed to do. In this order wherever roles are listed. */
export const ROLES = ['author', 'approver', 'qa', 'operator', 'admin', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** Of the site as a whole: people and their rights, and the record, are of no ring. */
const OF_THE_SITE = ['admin', 'auditor'] as const satisfies readonly Role[];
export type RoleOfRings = Exclude<Role, (typeof OF_THE_SITE)[number]>;

/** A role as somebody holds it: by its name in every ring, also in those to come, or as `approver@pilot` in that ring alone. */
export type HeldRole = Role | `${RoleOfRings}@${string}`;

/** Who gives out rights takes no part in what is decided with them (R05, R27). */
const EXCLUDED_BY_ADMIN: readonly Role[] = ['author', 'approver', 'qa'];

/**
 * Granting one takes two people once a site is in use (R23): with `approver` and `qa` a person signs, and who could make an admin alone would be both
 * of the two.
 */
const TWO_PEOPLE: readonly Role[] = ['approver', 'qa', 'admin'];

/** More are a mistake: then the role is meant for every ring. */
export const MOST_RINGS_OF_A_ROLE = 20;
/** As rings are named. */
export const RING_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

export function takesTwoPeople(held: HeldRole): boolean {
  return TWO_PEOPLE.includes(roleOf(held));
}

export function isRole(word: string): word is Role {
  return (ROLES as readonly string[]).includes(word);
}

export function isHeldRole(word: string): word is HeldRole {
  const { role, ring } = heldRoleParts(word);
  return isRole(role) && (ring === null || (isOfRings(role) && RING_NAME.test(ring)));
}

export function roleOf(held: HeldRole): Role {
  const { role } = heldRoleParts(held);
  if (isRole(role)) return role;
  throw new Error(`${held} is no role`);
}

/** The ring that it is held in alone; null: every one. */
export function ringOf(held: HeldRole): string | null {
  return heldRoleParts(held).ring;
}

/**
 * A role for some rings, or with none named for all.
 * @throws IdentityError `invalid-role-scope`
 */
export function heldAs(role: Role, rings: readonly string[] | null): readonly HeldRole[] {
  if (rings === null) return [role];
  if (!isOfRings(role))
    throw new IdentityError(
      'invalid-role-scope',
      `${role} is a role of the whole site: it is held without rings`,
    );
  const good =
    rings.length > 0 && rings.length <= MOST_RINGS_OF_A_ROLE && rings.every((ring) => RING_NAME.test(ring));
  if (!good || new Set(rings).size !== rings.length)
    throw new IdentityError(
      'invalid-role-scope',
      `a role is for every ring, or for 1 to ${MOST_RINGS_OF_A_ROLE} of them, each named once; a ring's name has small letters, digits and "-"`,
    );
  return inOrder(rings.map((ring): HeldRole => `${role}@${ring}`));
}

/** Whether what is held comprises it. */
export function covers(roles: readonly HeldRole[], wanted: HeldRole): boolean {
  return roles.includes(wanted) || roles.includes(roleOf(wanted));
}

/** The first two of `roles` that nobody may hold together, in whatever rings. */
export function excludingPair(roles: readonly HeldRole[]): readonly [Role, Role] | undefined {
  const held = roles.map(roleOf);
  if (!held.includes('admin')) return undefined;
  const excluded = EXCLUDED_BY_ADMIN.find((role) => held.includes(role));
  return excluded && ['admin', excluded];
}

/** Each once, by role and then by ring; what is held in every ring is held in none alone. */
export function inOrder<Held extends HeldRole>(roles: Iterable<Held>): readonly Held[] {
  const held = new Set<Held>(roles);
  return ROLES.flatMap((role) => {
    const of = [...held].filter((each) => roleOf(each) === role);
    const everywhere = of.find((each) => ringOf(each) === null);
    return everywhere ? [everywhere] : of.sort();
  });
}

function isOfRings(role: Role): role is RoleOfRings {
  return !(OF_THE_SITE as readonly Role[]).includes(role);
}
