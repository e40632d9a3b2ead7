import {
  isInCommissioning,
  requireAdmin,
  requireAnotherThan,
  requireSecondPerson,
  requester,
} from '../authority.js';
import { IdentityError } from '../errors.js';
import { excludingPair, inOrder, takesTwoPeople, type Role } from '../roles.js';
import type { ConfirmRole, GrantRole, RevokeRole } from './commands.js';
import type { PersonEvent } from './events.js';
import { isOver, later, REQUEST_HOURS } from './requests.js';
import { requireCurrent } from './require-current.js';
import type { Person } from './state.js';

/** `approver`, `qa` and `admin` take two people once the site is in use; every other role, and taking one away, takes one admin. */
export function grant({ context, person, role }: GrantRole, state: Person): readonly PersonEvent[] {
  requireAdmin(context);
  requireAnotherThan(person, context);
  const { name, roles } = requireCurrent(state, 'enrolled', 'active');
  if (roles.includes(role)) {
    throw new IdentityError('role-already-held', `${name} has the role ${role} already`);
  }
  const after = inOrder([...roles, role]);
  refuseExcluding(after);
  if (takesTwoPeople(role) && !isInCommissioning(context)) return [requested(role, context)];
  return [{ type: 'RoleGranted', data: { role, old: roles, new: after } }];
}

export function requested(role: Role, context: GrantRole['context']): PersonEvent {
  const expiresAt = later(context.at, REQUEST_HOURS);
  return { type: 'RoleRequested', data: { role, requestedBy: requester(context), expiresAt } };
}

/**
 * Not for who set a password with a secret that one admin gave out whole, and could have used before them. What `qa` confirms beside a reset is a new
 * admin: so a site with one admin left gets its second.
 */
export function confirmRole(command: ConfirmRole, state: Person): readonly PersonEvent[] {
  const { context, role } = command;
  const { login, name, roles, requestedRoles, secretOfTwo } = requireCurrent(state, 'enrolled', 'active');
  const pending = requestedRoles.get(role);
  if (!pending || isOver(pending.expiresAt, context.at)) {
    throw new IdentityError(
      'role-not-requested',
      `nobody has asked for the role ${role} for ${name} in the last ${REQUEST_HOURS / 24} days`,
    );
  }
  const { requestedBy } = pending;
  requireSecondPerson(command, requestedBy, role === 'admin' ? ['admin', 'qa'] : ['admin']);
  const after = inOrder([...roles, role]);
  refuseExcluding(after);
  if (!secretOfTwo) {
    throw new IdentityError(
      'enrolled-by-one',
      `one admin alone gave out the secret that ${name} began with: reset them first ("holdfast people reset ${login}", and somebody else "holdfast people confirm-reset ${login}"), then confirm the role`,
    );
  }
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
