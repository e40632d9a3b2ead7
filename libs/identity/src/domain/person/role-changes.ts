import {
  isInCommissioning,
  requireAdmin,
  requireAnotherThan,
  requireSecondPerson,
  requester,
  type Requester,
} from '../authority.js';
import { IdentityError } from '../errors.js';
import {
  covers,
  excludingPair,
  heldAs,
  inOrder,
  MOST_RINGS_OF_A_ROLE,
  ringOf,
  roleOf,
  takesTwoPeople,
  type HeldRole,
} from '../roles.js';
import { FEWEST_ADMINS } from '../commissioning/commissioning.js';
import type { ConfirmRole, DisablePerson, GrantRole, RevokeRole } from './commands.js';
import type { PersonEvent } from './events.js';
import { isOver, requestEnd, REQUEST_HOURS } from './requests.js';
import { requireCurrent } from './require-current.js';
import type { Person } from './state.js';

/** `approver`, `qa` and `admin` take two people once the site is in use; every other role, and taking one away, takes one admin. */
export function grant({ context, person, role, rings }: GrantRole, state: Person): readonly PersonEvent[] {
  requireAdmin(context);
  requireAnotherThan(person, context);
  const { name, roles } = requireCurrent(state, 'enrolled', 'active');
  const asked = heldAs(role, rings);
  const already = asked.filter((each) => covers(roles, each));
  if (already.length > 0) {
    throw new IdentityError(
      'role-already-held',
      `${name} has the role ${already.map(inWords).join(' and ')} already`,
    );
  }
  requireHoldable(inOrder([...roles, ...asked]));
  return takesTwoPeople(role) && !isInCommissioning(context)
    ? asked.map((each) => requested(each, context))
    : granted(roles, asked);
}

export function requested(role: HeldRole, context: GrantRole['context']): PersonEvent {
  const expiresAt = requestEnd(context.at);
  return { type: 'RoleRequested', data: { role, requestedBy: requester(context), expiresAt } };
}

/** One after the other: each event says what is held after it. @param requesters of each, where they take two people */
export function granted(
  before: readonly HeldRole[],
  added: readonly HeldRole[],
  requesters: readonly Requester[] = [],
): readonly PersonEvent[] {
  return added.map((role, i) => {
    const old = inOrder([...before, ...added.slice(0, i)]);
    const requestedBy = requesters[i];
    const data = { role, old, new: inOrder([...old, role]) };
    return { type: 'RoleGranted', data: requestedBy ? { ...data, requestedBy } : data };
  });
}

/**
 * What was asked for, in exactly these rings. Not for who set a password with a secret that one admin gave out whole, and could have used before them.
 * What `qa` confirms beside a reset is a new admin: so a site with one admin left gets its second.
 */
export function confirmRole(command: ConfirmRole, state: Person): readonly PersonEvent[] {
  const { context, role, rings } = command;
  const { login, name, roles, requestedRoles, secretOfTwo } = requireCurrent(state, 'enrolled', 'active');
  const added = heldAs(role, rings);
  const requesters = added.map((held) => {
    const pending = requestedRoles.get(held);
    if (pending && !isOver(pending.expiresAt, context.at)) return pending.requestedBy;
    throw new IdentityError(
      'role-not-requested',
      `nobody has asked for the role ${inWords(held)} for ${name} in the last ${REQUEST_HOURS / 24} days`,
    );
  });
  for (const requestedBy of requesters)
    requireSecondPerson(command, requestedBy, role === 'admin' ? ['admin', 'qa'] : ['admin']);
  requireHoldable(inOrder([...roles, ...added]));
  if (!secretOfTwo) {
    throw new IdentityError(
      'enrolled-by-one',
      `one admin alone gave out the secret that ${name} began with: reset them first ("holdfast people reset ${login}", and somebody else "holdfast people confirm-reset ${login}"), then confirm the role`,
    );
  }
  return granted(roles, added, requesters);
}

/** Without rings, wherever it is held. */
export function revoke(command: RevokeRole, state: Person): readonly PersonEvent[] {
  const { context, person, role, rings } = command;
  requireAdmin(context);
  requireAnotherThan(person, context);
  const { name, roles } = requireCurrent(state, 'enrolled', 'active');
  if (role === 'admin') requireAdminsLeft(command, state);
  if (rings === null) {
    const after = roles.filter((held) => roleOf(held) !== role);
    if (after.length === roles.length)
      throw new IdentityError('role-not-held', `${name} does not have the role ${role}`);
    return [{ type: 'RoleRevoked', data: { role, old: roles, new: after } }];
  }
  const taken = heldAs(role, rings);
  const missing = taken.find((held) => !roles.includes(held));
  if (missing !== undefined) {
    const why = roles.includes(role)
      ? `has the role ${role} in every ring: revoke it, and grant it for the rings that stay`
      : `does not have the role ${inWords(missing)}`;
    throw new IdentityError('role-not-held', `${name} ${why}`);
  }
  return taken.map((held, i) => {
    const old = roles.filter((each) => !taken.slice(0, i).includes(each));
    return { type: 'RoleRevoked', data: { role: held, old, new: old.filter((each) => each !== held) } };
  });
}

/**
 * A site in use keeps the admins that everything which takes two people needs. Who has no password yet is none of them.
 * @throws IdentityError `too-few-admins`
 */
export function requireAdminsLeft({ otherAdmins, context }: RevokeRole | DisablePerson, state: Person): void {
  if (state.status !== 'active' || isInCommissioning(context)) return;
  if (otherAdmins >= FEWEST_ADMINS || !state.roles.includes('admin')) return;
  throw new IdentityError(
    'too-few-admins',
    `${otherAdmins} of the people with a password could still act as admin, it takes ${FEWEST_ADMINS}: make another one first`,
  );
}

/** @throws IdentityError `roles-exclude-each-other`, `invalid-role-scope` for a role in more rings than fit into every event of who holds it */
export function requireHoldable(roles: readonly HeldRole[]): void {
  const rings = Map.groupBy(roles, roleOf);
  for (const [role, held] of rings) {
    if (held.length > MOST_RINGS_OF_A_ROLE)
      throw new IdentityError(
        'invalid-role-scope',
        `the role ${role} would be held in ${held.length} rings, at most ${MOST_RINGS_OF_A_ROLE} are: grant it for every ring`,
      );
  }
  const pair = excludingPair(roles);
  if (pair) {
    throw new IdentityError('roles-exclude-each-other', `nobody may be ${pair[0]} and ${pair[1]} at once`);
  }
}

function inWords(held: HeldRole): string {
  const ring = ringOf(held);
  return ring === null ? held : `${roleOf(held)} in the ring ${ring}`;
}
