import { later, type CommandContext } from '#kernel';
import {
  requireAnotherThan,
  requireNotAsked,
  requireNotTheirOwn,
  SHORTEST_REASON,
  type Requester,
} from '../authority.js';
import { FEWEST_ADMINS } from '../commissioning/commissioning.js';
import { IdentityError } from '../errors.js';
import { covers, inOrder } from '../roles.js';
import type { ConfirmAdminRecovery, RequestAdminRecovery } from './commands.js';
import type { PersonEvent } from './events.js';
import { isOver, requestEnd, REQUEST_HOURS } from './requests.js';
import { requireCurrent } from './require-current.js';
import { credentialsOf } from './reset.js';
import { granted, requireHoldable } from './role-changes.js';
import { rolesNow } from './roles-now.js';
import type { KnownPerson, Person } from './state.js';

/** How long admins are waited for who can still act, before a recovery is confirmed. */
export const RECOVERY_WAIT_HOURS = 24;

/** Whether somebody is an admin who was signed in at that moment or later. @param since RFC 3339 */
export function hasActedAsAdmin(person: Person, since: string): boolean {
  if (person.status !== 'active' || person.signedInUntil === null) return false;
  return rolesNow(person).includes('admin') && !isOver(person.signedInUntil, since);
}

/** By a person who proved all their components, on the host's word that they, or who gave them its proof, have its key. It may be of somebody new. */
export function requestAdminRecovery(command: RequestAdminRecovery, state: Person): readonly PersonEvent[] {
  const { context, person, request, host, adminsWhoAct } = command;
  const requestedBy = requirePerson(context);
  requireAnotherThan(person, context);
  requireAdminsGone(adminsWhoAct);
  const enrolled = state.status === 'unknown' ? [newcomer(command)] : [];
  if (state.status !== 'unknown') {
    const { roles } = requireCurrent(state, 'enrolled', 'active');
    requireHoldable(inOrder([...roles, 'admin']));
  }
  const { at } = context;
  const notBefore = later(at, RECOVERY_WAIT_HOURS * 3_600_000);
  const data = { request, requestedBy, host, at, notBefore, expiresAt: requestEnd(at) };
  return [...enrolled, { type: 'AdminRecoveryRequested', data }];
}

/**
 * By another person who signs. What the person proved themself with is void, as after a reset, and they have no role before they enrolled a second
 * component.
 */
export function confirmAdminRecovery(command: ConfirmAdminRecovery, state: Person): readonly PersonEvent[] {
  const { context, person, request, credential, requesterIsActive, adminsWhoAct } = command;
  const current = requireCurrent(state, 'enrolled', 'active');
  const { name, roles, recovery } = current;
  if (recovery === null || recovery.request !== request || isOver(recovery.expiresAt, context.at)) {
    throw noRecoveryRequested(name);
  }
  const { requestedBy, host, notBefore } = recovery;
  const confirmedBy = requirePerson(context);
  requireSigner(context);
  requireAnotherThan(person, context);
  requireNotAsked(requestedBy, context);
  requireNotTheirOwn(requestedBy, person, context);
  if (!requesterIsActive) {
    throw new IdentityError(
      'second-person-required',
      `${requestedBy.name}, who asked for it, may not act any more: ask for it again, and another person confirms it`,
    );
  }
  requireAdminsGone(adminsWhoAct);
  if (!isOver(notBefore, context.at)) {
    throw new IdentityError(
      'recovery-waits',
      `admins who can still sign in have until ${notBefore} to do so: confirm it after that`,
    );
  }
  requireHoldable(inOrder([...roles, 'admin']));
  const by = { request, requestedBy, confirmedBy };
  return [
    { type: 'AdminRecovered', data: { ...by, host } },
    { type: 'PersonReset', data: { ...by, old: credentialsOf(current), credential } },
    ...(covers(roles, 'admin') ? [] : granted(roles, ['admin'], [requestedBy])),
  ];
}

export function noRecoveryRequested(name: KnownPerson['name']): IdentityError {
  return new IdentityError(
    'no-recovery-requested',
    `nobody has asked on the host for ${name} to be recovered in the last ${REQUEST_HOURS / 24} days`,
  );
}

type Newcomer = Pick<RequestAdminRecovery, 'login' | 'name' | 'verification'>;

/** That it may be asked for, of somebody new. @throws IdentityError `admins-can-act`, `verification-required` */
export function requireNewcomer(
  newcomer: Newcomer,
  adminsWhoAct: RequestAdminRecovery['adminsWhoAct'],
): void {
  requireAdminsGone(adminsWhoAct);
  saidOf(newcomer);
}

function newcomer({ login, name, verification, credential }: RequestAdminRecovery): PersonEvent {
  const said = saidOf({ login, name, verification });
  return { type: 'PersonEnrolled', data: { login, firstAdmin: false, ...said, credential } };
}

/** @throws IdentityError `verification-required` */
function saidOf({ login, name, verification }: Newcomer): {
  readonly name: string;
  readonly verification: string;
} {
  const said = { name: name?.trim() ?? '', verification: verification?.trim() ?? '' };
  if (said.name === '' || said.name.length > 100 || said.verification.length < SHORTEST_REASON) {
    throw new IdentityError(
      'verification-required',
      `nobody has the login ${login}: to enrol somebody new, say the name that records will show, of at most 100 characters, and in at least ${SHORTEST_REASON} characters who made sure of whom this is, and how`,
    );
  }
  return said;
}

/** A site whose admins can act has other ways, which are theirs. */
function requireAdminsGone(adminsWhoAct: number): void {
  if (adminsWhoAct < FEWEST_ADMINS) return;
  throw new IdentityError(
    'admins-can-act',
    `${adminsWhoAct} admins have been signed in meanwhile, or in the 8 hours before it was asked for: theirs is "holdfast people reset" with "confirm-reset"`,
  );
}

function requirePerson({ actor }: CommandContext): Requester {
  if (actor.kind === 'person') return { id: actor.id, name: actor.name };
  throw new IdentityError('not-signed-in', 'this takes a person who is signed in');
}

function requireSigner({ actor }: CommandContext): void {
  if (actor.kind === 'person' && (actor.roles.includes('qa') || actor.roles.includes('approver'))) return;
  throw new IdentityError(
    'not-a-signer',
    'to confirm it takes a person with the role qa or approver in every ring',
  );
}
