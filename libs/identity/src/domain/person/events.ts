import type { DomainEvent } from '#kernel';
import type { Requester } from '../authority.js';
import type { HeldRole } from '../roles.js';
import type {
  SignOnUse,
  SingleSignOnBound,
  SingleSignOnRemoved,
  SingleSignOnRequested,
} from './single-sign-on-events.js';
import type { AdminRecovered, AdminRecoveryRequested } from './admin-recovery-events.js';
import type { IdentityReferenceRecorded, IdentityReferenceRequested } from './identity-reference-events.js';

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

/**
 * `firstAdmin`: enrolled by the host at first start; what they do until commissioning is closed is marked. Version 2: `verification`, who made sure of
 * whom this is, and how (R21); absent where it was not asked for. Version 3: `identityReference`, by what the site knows the human, as a keyed digest, hex.
 */
export type PersonEnrolled = DomainEvent<
  'PersonEnrolled',
  {
    readonly login: string;
    readonly name: string;
    readonly firstAdmin: boolean;
    readonly verification?: string;
    readonly identityReference?: string;
    readonly credential: EnrolmentSecret;
  }
>;
/** The secret before was not used in time. */
export type EnrolmentRenewed = DomainEvent<
  'EnrolmentRenewed',
  { readonly old: string; readonly credential: EnrolmentSecret }
>;
/** `enrolment` is the id of the one-time secret that proved who it is. Version 2: `at`. */
export type PasswordSet = DomainEvent<
  'PasswordSet',
  { readonly credential: Credential; readonly enrolment: string; readonly at?: string }
>;
/** By the person, with the password before. All sessions end with it. */
export type PasswordChanged = DomainEvent<
  'PasswordChanged',
  { readonly credential: Credential; readonly old: string; readonly at: string }
>;
/** An admin asks for a person's credentials to be void; a second person confirms it, or it runs out (R23). */
export type ResetRequested = DomainEvent<
  'ResetRequested',
  { readonly request: string; readonly requestedBy: Requester; readonly expiresAt: string }
>;
/** Password, second component, sessions and own tokens are void; the person enrols anew. `old` are the ids of what counted before. */
export type PersonReset = DomainEvent<
  'PersonReset',
  {
    readonly request: string;
    readonly requestedBy: Requester;
    readonly confirmedBy: Requester;
    readonly old: readonly string[];
    readonly credential: EnrolmentSecret;
  }
>;
/** Of a role in every ring, or in one (which older versions do not know). */
interface RoleChange {
  readonly role: HeldRole;
  readonly old: readonly HeldRole[];
  readonly new: readonly HeldRole[];
}
/** An admin asks for a role that takes two people; a second one confirms it, or it runs out. Version 2: of one ring. */
export type RoleRequested = DomainEvent<
  'RoleRequested',
  { readonly role: HeldRole; readonly requestedBy: Requester; readonly expiresAt: string }
>;
/** Version 2: `requestedBy`, of a role that takes two; who confirmed it is the event's actor. Version 3: of one ring. */
export type RoleGranted = DomainEvent<'RoleGranted', RoleChange & { readonly requestedBy?: Requester }>;
/** Version 2: of one ring; without one it is held nowhere any more. */
export type RoleRevoked = DomainEvent<'RoleRevoked', RoleChange>;
/** For good: persons are disabled, never deleted, and logins never given out again. `roles` are those held at that moment; version 2: of one ring as well. */
export type PersonDisabled = DomainEvent<'PersonDisabled', { readonly roles: readonly HeldRole[] }>;
/** The sealed secret of an authenticator app (RFC 6238). */
export interface SecondFactorCredential extends Credential {
  readonly kind: 'totp';
}
/** Which code was right: the number of its step, which is good once. */
export interface CodeUse {
  readonly credential: string;
  readonly step: number;
}
/** A security key as it registered itself (W3C WebAuthn, 7.1). Nothing of it is secret. */
export interface SecurityKey {
  readonly id: string;
  /** The person's own word for it. */
  readonly name: string;
  /** Base64url, as the key chose it. */
  readonly credentialId: string;
  /** SubjectPublicKeyInfo, DER, base64: what `openssl` reads. */
  readonly publicKey: string;
  /** COSE's number of what it signs with: -7 ES256, -8 EdDSA, -257 RS256. */
  readonly algorithm: number;
  /** How often it has signed, as it says; 0 for ever where it does not count. */
  readonly signCount: number;
  /** How it is reached, as browsers name it: usb, nfc, ble, internal, hybrid. */
  readonly transports: readonly string[];
  /** Its model's number; zeros where it does not say. */
  readonly aaguid: string;
  /** Whether it may be copied to other devices of its person. */
  readonly backupEligible: boolean;
}
/** Which answer of a security key was right: the challenge is good once. */
export interface KeyUse {
  readonly credential: string;
  /** Base64url of its 32 bytes. */
  readonly challenge: string;
  /** When the challenge would have ended. RFC 3339, UTC. */
  readonly expiresAt: string;
  readonly signCount: number;
  /** Whether the key made sure of its person, by a PIN or a fingerprint. */
  readonly userVerified: boolean;
}
export type SecondFactorUse = CodeUse | KeyUse;
/** A secret was shown, once, to who asked for it with the password; it counts from its first code on. */
export type SecondFactorOffered = DomainEvent<
  'SecondFactorOffered',
  { readonly credential: SecondFactorCredential; readonly expiresAt: string }
>;
/** The first code was right, in `session`; every other session ends with it. `old`: what it replaces. */
export type SecondFactorEnrolled = DomainEvent<
  'SecondFactorEnrolled',
  CodeUse & { readonly old: string | null; readonly session: string }
>;
export type SecondFactorRemoved = DomainEvent<'SecondFactorRemoved', { readonly credential: string }>;
/**
 * A challenge for registering a security key was given, in `session`, to who asked for it with all components; the history has its SHA-256 alone, in
 * hex: whoever reads the history cannot answer it.
 */
export type SecurityKeyOffered = DomainEvent<
  'SecurityKeyOffered',
  {
    readonly name: string;
    readonly challengeDigest: string;
    readonly session: string;
    readonly expiresAt: string;
  }
>;
/** The key answered the challenge, in `session`; every other session ends with it. */
export type SecurityKeyEnrolled = DomainEvent<
  'SecurityKeyEnrolled',
  { readonly key: SecurityKey; readonly challengeDigest: string; readonly session: string }
>;
/** Given up by its person, in `session`; every other session ends with it. */
export type SecurityKeyRemoved = DomainEvent<
  'SecurityKeyRemoved',
  { readonly key: string; readonly name: string; readonly session: string }
>;
/** A right answer of a key whose count is not above what it was: there may be two of it. It was refused. */
export type SecurityKeyCountWentBack = DomainEvent<
  'SecurityKeyCountWentBack',
  { readonly key: string; readonly name: string; readonly known: number; readonly found: number }
>;
/**
 * Somebody proved anew, within a session, who they are. For a signature and with `secondFactor`, it opens a period of signing; `secondFactor` is absent where the password was enough: within such a period. Version 2: `secondFactor` may be a security key's; `alone`, within a
 * period of signing: the key, which made sure of its person, stood in for the password, and opens none. Version 3: `singleSignOn`, in place of the password. Version 4: also of who has no second component, whose `login` beside the password opens a period.
 */
export type PersonReauthenticated = DomainEvent<
  'PersonReauthenticated',
  {
    readonly session: string;
    readonly for: 'signature' | 'credentials';
    readonly at: string;
    readonly secondFactor?: SecondFactorUse;
    readonly login?: true;
    readonly singleSignOn?: SignOnUse;
    readonly alone?: true;
  }
>;

/** Version 2: `secondFactor`, of who has one. Version 3: it may be a security key's. Version 4: `singleSignOn`, in place of the password. */
export type SignedIn = DomainEvent<
  'SignedIn',
  {
    readonly session: string;
    readonly expiresAt: string;
    readonly secondFactor?: SecondFactorUse;
    readonly singleSignOn?: SignOnUse;
  }
>;
export type SignedOut = DomainEvent<'SignedOut', { readonly session: string }>;
/** Nothing was asked in it for as long as the site lets a session be unused; noticed when something was asked again. */
export type SessionTimedOut = DomainEvent<
  'SessionTimedOut',
  { readonly session: string; readonly lastUsedAt: string; readonly idleMinutes: number }
>;
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
  | IdentityReferenceRequested
  | IdentityReferenceRecorded
  | EnrolmentRenewed
  | PasswordSet
  | PasswordChanged
  | ResetRequested
  | PersonReset
  | AdminRecoveryRequested
  | AdminRecovered
  | RoleRequested
  | RoleGranted
  | RoleRevoked
  | PersonDisabled
  | SecondFactorOffered
  | SecondFactorEnrolled
  | SecondFactorRemoved
  | SecurityKeyOffered
  | SecurityKeyEnrolled
  | SecurityKeyRemoved
  | SecurityKeyCountWentBack
  | SingleSignOnRequested
  | SingleSignOnBound
  | SingleSignOnRemoved
  | PersonReauthenticated
  | SignedIn
  | SignedOut
  | SessionTimedOut
  | SignInFailed
  | PersonLockedOut
  | CredentialTamperingFound;
