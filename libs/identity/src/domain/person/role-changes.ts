import {
  isInCommissioning,
  requireAdmin,
  requireAnotherThan,
  requireSecondPerson,
  requester,
} from '../authority.js';
import { IdentityError } from '../errors.js';
import { excludingPair, inOrder, signs, type Role } from '../roles.js';
import type { ConfirmRole, GrantRole, RevokeRole } from './commands.js';
import type { PersonEvent } from './events.js';
import { isOver, later, REQUEST_HOURS } from './requests.js';
import { requireCurrent } from './require-current.js';
import type { Person } from './state.js';

/** A role that signs takes a second admin once the site is in use; every other role, and taking one away, takes one. */
export function grant({ context, person, role }: GrantRole, state: Person): readonly PersonEvent[] {
  requireAdmin(context);
  requireAnotherThan(person, context);
  const { name, roles } = requireCurrent(state, 'enrolled', 'active');
  if (roles.includes(role)) {
    throw new IdentityError('role-already-held', `${name} has the role ${role} already`);
  }
  const after = inOrder([...roles, role]);
  refuseExcluding(after);
  if (signs(role) && !isInCommissioning(context)) return [requested(role, context)];
  return [{ type: 'RoleGranted', data: { role, old: roles, new: after } }];
}

export function requested(role: Role, context: GrantRole['context']): PersonEvent {
  const expiresAt = later(context.at, REQUEST_HOURS);
  return { type: 'RoleRequested', data: { role, requestedBy: requester(context), expiresAt } };
}

export function confirmRole(command: ConfirmRole, state: Person): readonly PersonEvent[] {
  const { context, role } = command;
  const { name, roles, requestedRoles } = requireCurrent(state, 'enrolled', 'active');
  const pending = requestedRoles.get(role);
  if (!pending || isOver(pending.expiresAt, context.at)) {
    throw new IdentityError(
      'role-not-requested',
      `nobody has asked for the role ${role} for ${name} in the last ${REQUEST_HOURS / 24} days`,
    );
  }
  const { requestedBy } = pending;
  requireSecondPerson(command, requestedBy);
  const after = inOrder([...roles, role]);
  refuseExcluding(after);
  return [{ type: 'RoleGranted', data: { role, old: roles, new: after, requestedBy } }];
}

export function revoke({ context, person, role }: RevokeRole, state: Person): readonly PersonEvent[] {
  requireAdmin(context);
  requireAnotherThan(person, context);
  const { name, roles } = requireCurrent(state, 'enrolled', 'active');
  if (!roles.includes(role)) {
    throw new IdentityError('role-not-held', `${name} does not have the role ${role}`);
  }
  return [{ type: 'RoleRevoked', data: { role, old: roles, new: roles.filter((held) => held !== role) } }];
}

export function refuseExcluding(roles: readonly Role[]): void {
  const pair = excludingPair(roles);
  if (pair) {
    throw new IdentityError('roles-exclude-each-other', `nobody may be ${pair[0]} and ${pair[1]} at once`);
  }
}
