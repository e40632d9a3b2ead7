import type { DomainEvent } from '#kernel';
import type { Role } from '../roles.js';

/** What a person proves themself with. The verifier is in `identity.credential`; the history holds its SHA-256, hex. */
export interface Credential {
  readonly id: string;
  readonly verifierDigest: string;
}

/** A one-time secret for setting the first password. */
export interface EnrolmentSecret extends Credential {
  readonly kind: 'enrolment-secret';
  readonly expiresAt: string;
}

/** `firstAdmin`: enrolled by the host at first start; what they do until commissioning is closed is marked. */
export type PersonEnrolled = DomainEvent<
  'PersonEnrolled',
  {
    readonly login: string;
    readonly name: string;
    readonly firstAdmin: boolean;
    readonly credential: EnrolmentSecret;
  }
>;
/** The secret before was not used in time. */
export type EnrolmentRenewed = DomainEvent<
  'EnrolmentRenewed',
  { readonly old: string; readonly credential: EnrolmentSecret }
>;
/** `enrolment` is the id of the one-time secret that proved who it is. */
export type PasswordSet = DomainEvent<
  'PasswordSet',
  { readonly credential: Credential; readonly enrolment: string }
>;
interface RoleChange {
  readonly role: Role;
  readonly old: readonly Role[];
  readonly new: readonly Role[];
}
export type RoleGranted = DomainEvent<'RoleGranted', RoleChange>;
export type RoleRevoked = DomainEvent<'RoleRevoked', RoleChange>;
/** For good: persons are disabled, never deleted, and logins never given out again. `roles` are those held at that moment. */
export type PersonDisabled = DomainEvent<'PersonDisabled', { readonly roles: readonly Role[] }>;
/** The sealed secret of an authenticator app (RFC 6238). */
export interface SecondFactorCredential extends Credential {
  readonly kind: 'totp';
}
/** Which code was right: the number of its step, which is good once. */
export interface SecondFactorUse {
  readonly credential: string;
  readonly step: number;
}
/** A secret was shown, once, to who asked for it with the password; it counts from its first code on. */
export type SecondFactorOffered = DomainEvent<
  'SecondFactorOffered',
  { readonly credential: SecondFactorCredential; readonly expiresAt: string }
>;
/** The first code was right. `old`: what it replaces. */
export type SecondFactorEnrolled = DomainEvent<
  'SecondFactorEnrolled',
  SecondFactorUse & { readonly old: string | null }
>;
export type SecondFactorRemoved = DomainEvent<'SecondFactorRemoved', { readonly credential: string }>;
/**
 * Somebody with a second component proved anew, within a session, who they are. `secondFactor` is absent where the password was enough: within a
 * period of signing.
 */
export type PersonReauthenticated = DomainEvent<
  'PersonReauthenticated',
  {
    readonly session: string;
    readonly for: 'signature' | 'credentials';
    readonly at: string;
    readonly secondFactor?: SecondFactorUse;
  }
>;

/** Version 2: `secondFactor`, of who has one. */
export type SignedIn = DomainEvent<
  'SignedIn',
  { readonly session: string; readonly expiresAt: string; readonly secondFactor?: SecondFactorUse }
>;
export type SignedOut = DomainEvent<'SignedOut', { readonly session: string }>;
/**
 * Wrong passwords and codes, at sign-in or at signing, counted: `failures` of them between `first` and `last`. `inARow` is how many there have
 * been since the last right one, these included; 0 when a right one came after them.
 */
export type SignInFailed = DomainEvent<
  'SignInFailed',
  { readonly failures: number; readonly first: string; readonly last: string; readonly inARow: number }
>;
export type PersonLockedOut = DomainEvent<
  'PersonLockedOut',
  { readonly until: string; readonly failures: number }
>;
/** The row that holds the verifier of this credential is gone, or is not the one that history knows. */
export type CredentialTamperingFound = DomainEvent<
  'CredentialTamperingFound',
  { readonly credential: string; readonly expected: string; readonly found: string | null }
>;

export type PersonEvent =
  | PersonEnrolled
  | EnrolmentRenewed
  | PasswordSet
  | RoleGranted
  | RoleRevoked
  | PersonDisabled
  | SecondFactorOffered
  | SecondFactorEnrolled
  | SecondFactorRemoved
  | PersonReauthenticated
  | SignedIn
  | SignedOut
  | SignInFailed
  | PersonLockedOut
  | CredentialTamperingFound;
