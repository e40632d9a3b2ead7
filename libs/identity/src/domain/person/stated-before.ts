import { statedBefore, type StatedBefore, type StatedBeforeIn } from '#kernel';
import type { Credential, PersonEvent } from './events.js';
import { credentialsOf } from './reset.js';
import type { ActivePerson, KnownPerson, Person } from './state.js';

/** What events about people say was before them (R03). */
export const statedOfPerson: StatedBeforeIn<PersonEvent, Person> = {
  PersonEnrolled: null,
  IdentityReferenceRequested: null,
  IdentityReferenceRecorded: ({ old }, state) => [statedBefore('old', old, known(state)?.identityReference)],
  EnrolmentRenewed: ({ old }, state) => [statedBefore('old', old, enrolmentOf(state)?.id)],
  PasswordSet: ({ enrolment }, state) => [statedBefore('enrolment', enrolment, enrolmentOf(state)?.id)],
  PasswordChanged: ({ old }, state) => [statedBefore('old', old, active(state)?.password.id)],
  ResetRequested: null,
  PersonReset: ({ old }, state) => [
    statedBefore(
      'old',
      old,
      state.status === 'enrolled' || state.status === 'active' ? credentialsOf(state) : [],
    ),
  ],
  AdminRecoveryRequested: null,
  AdminRecovered: null,
  RoleRequested: null,
  RoleGranted: rolesBefore,
  RoleRevoked: rolesBefore,
  PersonDisabled: ({ roles }, state) => [statedBefore('roles', roles, known(state)?.roles)],
  SecondFactorOffered: null,
  SecondFactorEnrolled: ({ old }, state) => [
    statedBefore('old', old, active(state)?.secondFactor?.credential.id),
  ],
  SecondFactorRemoved: ({ credential }, state) => [
    statedBefore('credential', credential, active(state)?.secondFactor?.credential.id),
  ],
  SecurityKeyOffered: null,
  SecurityKeyEnrolled: null,
  SecurityKeyRemoved: ({ key, name }, state) => [statedBefore('name', name, keyOf(state, key)?.name)],
  SecurityKeyCountWentBack: ({ key, known: count }, state) => [
    statedBefore('known', count, keyOf(state, key)?.signCount),
  ],
  SingleSignOnRequested: null,
  SingleSignOnBound: ({ old }, state) => [statedBefore('old', old, active(state)?.singleSignOn?.credential)],
  SingleSignOnRemoved: ({ issuer, claim, subject, credential }, state) => [
    statedBefore('', { issuer, claim, subject, credential }, active(state)?.singleSignOn),
  ],
  PersonReauthenticated: null,
  SignedIn: null,
  SignedOut: null,
  SessionTimedOut: null,
  SignInFailed: null,
  PersonLockedOut: null,
  CredentialTamperingFound: ({ credential, expected }, state) => [
    statedBefore('expected', expected, verifiers(state).find(({ id }) => id === credential)?.verifierDigest),
  ],
};

function rolesBefore({ old }: { readonly old: readonly string[] }, state: Person): StatedBefore[] {
  return [statedBefore('old', old, known(state)?.roles)];
}

function known(state: Person): KnownPerson | undefined {
  return state.status === 'unknown' ? undefined : state;
}

function active(state: Person): ActivePerson | undefined {
  return state.status === 'active' ? state : undefined;
}

function enrolmentOf(state: Person): Credential | undefined {
  return state.status === 'enrolled' ? state.enrolment : undefined;
}

function keyOf(state: Person, key: string): ActivePerson['keys'][number] | undefined {
  return active(state)?.keys.find(({ id }) => id === key);
}

/** Whatever a row holds a verifier of. */
function verifiers(state: Person): readonly Credential[] {
  if (state.status === 'enrolled') return [state.enrolment];
  if (state.status !== 'active') return [];
  const { password, secondFactor, offered } = state;
  return [password, ...[secondFactor, offered].flatMap((each) => (each ? [each.credential] : []))];
}
