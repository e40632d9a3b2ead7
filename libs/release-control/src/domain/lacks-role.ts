import { rolesIn } from '#kernel';

/**
 * In words, why somebody may not do what takes one of some roles in a ring. An admin gives out rights, and decides nothing.
 * @param wanted any of these would do
 */
export function lacksRole(
  { name, roles }: { readonly name: string; readonly roles: readonly string[] },
  wanted: readonly string[],
  ring: string,
): string {
  return rolesIn(roles, ring).includes('admin')
    ? `${name} is an admin, who gives out rights and decides nothing`
    : `${name} does not have the role ${wanted.join(' or ')} in the ring ${ring}`;
}
