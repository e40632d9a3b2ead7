import type { Decider } from '#kernel';
import type { PersonCommand } from './commands.js';
import { decide } from './decide.js';
import type { PersonEvent } from './events.js';
import { evolve, unknownPerson, type Person } from './state.js';

export const person: Decider<PersonCommand, PersonEvent, Person> & {
  readonly versions: { readonly [Type in PersonEvent['type']]: number };
} = {
  initialState: unknownPerson,
  decide,
  evolve,
  versions: {
    PersonEnrolled: 3,
    IdentityReferenceRequested: 1,
    IdentityReferenceRecorded: 1,
    EnrolmentRenewed: 1,
    PasswordSet: 2,
    PasswordChanged: 1,
    ResetRequested: 1,
    PersonReset: 1,
    AdminRecoveryRequested: 1,
    AdminRecovered: 1,
    RoleRequested: 2,
    RoleGranted: 3,
    RoleRevoked: 2,
    PersonDisabled: 2,
    SecondFactorOffered: 1,
    SecondFactorEnrolled: 1,
    SecondFactorRemoved: 1,
    SecurityKeyOffered: 1,
    SecurityKeyEnrolled: 1,
    SecurityKeyRemoved: 1,
    SecurityKeyCountWentBack: 1,
    SingleSignOnRequested: 1,
    SingleSignOnBound: 1,
    SingleSignOnRemoved: 1,
    PersonReauthenticated: 4,
    SignedIn: 4,
    SignedOut: 1,
    SessionTimedOut: 1,
    SignInFailed: 1,
    PersonLockedOut: 1,
    CredentialTamperingFound: 1,
  },
};

export function personStream(id: string): string {
  return `person/${id}`;
}
