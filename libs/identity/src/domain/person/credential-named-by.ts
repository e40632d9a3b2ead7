import type { Credential, PersonEvent } from './events.js';

/** What the person proves themself with since this event; undefined for one that leaves it as it was. */
export function credentialNamedBy(event: PersonEvent): Credential | undefined {
  switch (event.type) {
    case 'PersonEnrolled':
    case 'EnrolmentRenewed':
    case 'PasswordSet':
      return event.data.credential;
    case 'RoleGranted':
    case 'RoleRevoked':
    case 'PersonDisabled':
    case 'SignedIn':
    case 'SignedOut':
    case 'SignInFailed':
    case 'PersonLockedOut':
    case 'CredentialTamperingFound':
      return undefined;
  }
}
