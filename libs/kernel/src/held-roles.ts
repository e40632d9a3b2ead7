/**
 * A role that is held in one ring alone is written `approver@pilot`; one that is held in every ring is its name. Who looks for the name alone finds only
 * the latter: what forgets to ask for the ring refuses.
 */
const RING_MARK = '@';

/** The names of the roles that hold in a ring. @param roles as actors have them */
export function rolesIn(roles: readonly string[], ring: string): readonly string[] {
  const there = roles.flatMap((held) => {
    const { role, ring: only } = heldRoleParts(held);
    return only === null || only === ring ? [role] : [];
  });
  return [...new Set(there)];
}

/** The names of the roles that hold in some ring: for what is of no ring, and harms none. */
export function rolesAnywhere(roles: readonly string[]): readonly string[] {
  return [...new Set(roles.map((held) => heldRoleParts(held).role))];
}

/** `ring: null`: in every one. */
export function heldRoleParts(held: string): { readonly role: string; readonly ring: string | null } {
  const mark = held.indexOf(RING_MARK);
  return mark < 0
    ? { role: held, ring: null }
    : { role: held.slice(0, mark), ring: held.slice(mark + RING_MARK.length) };
}
