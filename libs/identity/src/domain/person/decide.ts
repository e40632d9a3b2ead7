import { later } from '#kernel';
import {
  isInCommissioning,
  requireAdmin,
  requireAnotherThan,
  requireReason,
  SHORTEST_REASON,
} from '../authority.js';
import { IdentityError } from '../errors.js';
import { inOrder, takesTwoPeople } from '../roles.js';
import { confirmAdminRecovery, requestAdminRecovery } from './admin-recovery.js';
import type { ChangePassword, EnrolPerson, PersonCommand } from './commands.js';
import type { PersonEvent } from './events.js';
import {
  confirmIdentityReference,
  identityReferenceOf,
  requestIdentityReference,
} from './identity-reference.js';
import { recordFailures } from './lock-out.js';
import { requireProof } from './proof.js';
import { reauthenticate } from './reauthenticate.js';
import {
  enrolSecondFactor,
  given,
  hasSecondComponent,
  noSecondComponent,
  OFFER_MINUTES,
} from './second-factor.js';
import { enrolSecurityKey, offerSecurityKey, removeSecurityKey, reportKeyCount } from './security-keys.js';
import { requireCurrent } from './require-current.js';
import { requireSession } from './require-session.js';
import { confirmReset, requestReset, resetRequested } from './reset.js';
import {
  confirmRole,
  requireAdminsLeft,
  grant,
  granted,
  requireHoldable,
  requested,
  revoke,
} from './role-changes.js';
import { bindSingleSignOn, removeSingleSignOn, requestSingleSignOn, signOnGiven } from './single-sign-on.js';
import type { Person } from './state.js';
import { endUnusedSession } from './unused-session.js';

/**
 * The rules about people. Whether a password or a secret was right is established before (it takes time and the verifier's row);
 * what follows from that is decided here.
 *
 * @throws IdentityError for every refusal
 */
export function decide(command: PersonCommand, state: Person): readonly PersonEvent[] {
  requireReason(command.context);
  switch (command.type) {
    case 'EnrolPerson':
      return enrol(command, state);
    case 'RequestIdentityReference':
      return requestIdentityReference(command, state);
    case 'ConfirmIdentityReference':
      return confirmIdentityReference(command, state);
    case 'RenewEnrolment': {
      requireAdmin(command.context);
      requireAnotherThan(command.person, command.context);
      if (state.status === 'active') {
        throw new IdentityError('password-already-set', `${state.name} has set a password already`);
      }
      const { enrolment } = requireCurrent(state, 'enrolled');
      return [{ type: 'EnrolmentRenewed', data: { old: enrolment.id, credential: command.credential } }];
    }
    case 'SetFirstPassword': {
      // One answer whatever is wrong: who tries secrets learns nothing.
      const { credential, enrolment, context } = command;
      const good =
        state.status === 'enrolled' &&
        state.enrolment.id === enrolment &&
        Date.parse(context.at) < Date.parse(state.enrolment.expiresAt);
      if (!good) throw enrolmentRefused();
      return [{ type: 'PasswordSet', data: { credential, enrolment, at: context.at } }];
    }
    case 'ChangePassword':
      return changePassword(command, state);
    case 'RequestReset':
      return requestReset(command, state);
    case 'ConfirmReset':
      return confirmReset(command, state);
    case 'RequestAdminRecovery':
      return requestAdminRecovery(command, state);
    case 'ConfirmAdminRecovery':
      return confirmAdminRecovery(command, state);
    case 'GrantRole':
      return grant(command, state);
    case 'ConfirmRole':
      return confirmRole(command, state);
    case 'RevokeRole':
      return revoke(command, state);
    case 'DisablePerson': {
      requireAdmin(command.context);
      requireAnotherThan(command.person, command.context);
      const { roles } = requireCurrent(state, 'enrolled', 'active');
      requireAdminsLeft(command, state);
      return [{ type: 'PersonDisabled', data: { roles } }];
    }
    case 'SignIn': {
      const person = requireCurrent(state, 'active');
      const { session, expiresAt, failuresBefore, secondFactor } = command;
      requireProof(person, command, hasSecondComponent(person), command.context.at);
      const before = recordFailures(failuresBefore, true, person, command.context.at);
      return [
        ...before,
        {
          type: 'SignedIn',
          data: { session, expiresAt, ...given(secondFactor), ...signOnGiven(command.singleSignOn) },
        },
      ];
    }
    case 'Reauthenticate':
      return reauthenticate(command, state);
    case 'OfferSecondFactor': {
      requireCurrent(state, 'active');
      const expiresAt = later(command.context.at, OFFER_MINUTES * 60_000);
      return [{ type: 'SecondFactorOffered', data: { credential: command.credential, expiresAt } }];
    }
    case 'EnrolSecondFactor': {
      const { use, session, context } = command;
      return enrolSecondFactor(requireSession(state, session, context.at).person, session, use, context.at);
    }
    case 'RemoveSecondFactor': {
      const { secondFactor } = requireCurrent(state, 'active');
      if (secondFactor === null) throw noSecondComponent();
      return [{ type: 'SecondFactorRemoved', data: { credential: secondFactor.credential.id } }];
    }
    case 'OfferSecurityKey':
      return offerSecurityKey(command, state);
    case 'EnrolSecurityKey':
      return enrolSecurityKey(command, state);
    case 'RemoveSecurityKey':
      return removeSecurityKey(command, state);
    case 'ReportKeyCount':
      return reportKeyCount(command, state);
    case 'RequestSingleSignOn':
      return requestSingleSignOn(command, state);
    case 'BindSingleSignOn':
      return bindSingleSignOn(command, state);
    case 'RemoveSingleSignOn':
      return removeSingleSignOn(command, state);
    case 'SignOut': {
      const person = requireCurrent(state, 'active');
      if (!person.sessions.has(command.session)) return [];
      return [{ type: 'SignedOut', data: { session: command.session } }];
    }
    case 'EndUnusedSession':
      return endUnusedSession(command, requireCurrent(state, 'active'));
    case 'RecordFailures':
      // Too late to matter: of who was disabled or reset meanwhile, the password that was guessed at is void.
      if (state.status !== 'active') return [];
      return recordFailures(command.counted, false, state, command.context.at);
    case 'ReportTampering': {
      if (state.status !== 'enrolled' && state.status !== 'active') return [];
      const { credential, expected, found } = command;
      if (state.tampered.includes(credential)) return [];
      return [{ type: 'CredentialTamperingFound', data: { credential, expected, found } }];
    }
  }
}

function enrol(command: EnrolPerson, state: Person): readonly PersonEvent[] {
  requireAdmin(command.context);
  const { login, firstAdmin, credential } = command;
  if (state.status !== 'unknown') throw new IdentityError('login-taken', `the login ${login} is taken`);
  const name = command.name.trim();
  if (name === '' || name.length > 100) {
    throw new IdentityError(
      'invalid-name',
      'a person is enrolled with the name that signatures will show, of at most 100 characters',
    );
  }
  requireHoldable(inOrder(command.roles));
  const said = { ...verificationOf(command), ...identityReferenceOf(command) };
  const commissioned = !isInCommissioning(command.context);
  const roles = inOrder(command.roles.filter((role) => !(commissioned && takesTwoPeople(role))));
  const asked = inOrder(command.roles.filter((role) => !roles.includes(role)));
  return [
    { type: 'PersonEnrolled', data: { login, name, firstAdmin, ...said, credential } },
    ...granted([], roles),
    ...asked.map((role) => requested(role, command.context)),
    // Who enrols them is told the first part of a secret, and who confirms it the other one.
    ...(asked.length > 0 ? [resetRequested(command.request, command.context)] : []),
  ];
}

/** Once a site is in use, somebody has made sure of whom they enrol (R21). */
function verificationOf({ verification, context }: EnrolPerson): { readonly verification?: string } {
  const said = verification?.trim() ?? '';
  if (said.length >= SHORTEST_REASON) return { verification: said };
  if (said === '' && isInCommissioning(context)) return {};
  throw new IdentityError(
    'verification-required',
    `say in at least ${SHORTEST_REASON} characters who made sure of whom this is, and how: such as "badge 1234 seen by A. Meier"`,
  );
}

function changePassword(command: ChangePassword, state: Person): readonly PersonEvent[] {
  const person = requireCurrent(state, 'active');
  const { credential, session, expiresAt, secondFactor, failuresBefore, context } = command;
  requireProof(person, command, hasSecondComponent(person), context.at);
  return [
    ...recordFailures(failuresBefore, true, person, context.at),
    { type: 'PasswordChanged', data: { credential, old: person.password.id, at: context.at } },
    { type: 'SignedIn', data: { session, expiresAt, ...given(secondFactor) } },
  ];
}

function enrolmentRefused(): IdentityError {
  return new IdentityError(
    'enrolment-refused',
    'the login or the secret is wrong, or the secret was used or has expired',
  );
}
