import type { PersonEvent } from './events.js';

/** Ids of what a person proves themself with and a row holds, as it holds nothing of security keys; null: nothing of that sort. */
export interface CredentialsNamed {
  /** Password, or the secret for setting one. */
  readonly first: string | null;
  readonly second: string | null;
}

/** What a person proves themself with after an event. An event that leaves it as it was returns `before` itself. */
export function credentialsAfter(event: PersonEvent, before: CredentialsNamed): CredentialsNamed {
  switch (event.type) {
    case 'PersonEnrolled':
    case 'EnrolmentRenewed':
    case 'PasswordSet':
    case 'PasswordChanged':
      return { ...before, first: event.data.credential.id };
    case 'PersonReset':
      return { first: event.data.credential.id, second: null };
    case 'SecondFactorEnrolled':
      return { ...before, second: event.data.credential };
    case 'SecondFactorRemoved':
      return { ...before, second: null };
    case 'SecondFactorOffered':
    case 'SecurityKeyOffered':
    case 'SecurityKeyEnrolled':
    case 'SecurityKeyRemoved':
    case 'SecurityKeyCountWentBack':
    case 'SingleSignOnRequested':
    case 'SingleSignOnBound':
    case 'SingleSignOnRemoved':
    case 'PersonReauthenticated':
    case 'ResetRequested':
    case 'AdminRecoveryRequested':
    case 'AdminRecovered':
    case 'IdentityReferenceRequested':
    case 'IdentityReferenceRecorded':
    case 'RoleRequested':
    case 'RoleGranted':
    case 'RoleRevoked':
    case 'PersonDisabled':
    case 'SignedIn':
    case 'SignedOut':
    case 'SessionTimedOut':
    case 'SignInFailed':
    case 'PersonLockedOut':
    case 'CredentialTamperingFound':
      return before;
  }
}
