import type { CommandContext } from '#kernel';
import type { HeldRole, Role } from '../roles.js';
import type { RecoveryHost } from './admin-recovery-events.js';
import type { CodeUse, Credential, EnrolmentSecret, SecondFactorCredential, SecurityKey } from './events.js';
import type { SignOnIdentity, SignOnUse } from './single-sign-on-events.js';
import type { IdentityReferenceRule } from './identity-reference.js';
import type { Proof, ProofOrSignOn } from './proof.js';
import type { ReauthenticationFor } from './second-factor.js';
import type { EndUnusedSession, SignOut } from './session-commands.js';

interface Command {
  readonly context: CommandContext;
}

export interface EnrolPerson extends Command {
  readonly type: 'EnrolPerson';
  readonly person: string;
  readonly login: string;
  readonly name: string;
  readonly roles: readonly HeldRole[];
  readonly firstAdmin: boolean;
  /** Who made sure of whom this is, and how; null: nobody says so. */
  readonly verification: string | null;
  /** By what the site knows the human, as a keyed digest, hex; null: nobody says it. */
  readonly identityReference?: string | null;
  /** Whether the site asks for it. */
  readonly identityReferenceRule?: IdentityReferenceRule;
  readonly credential: EnrolmentSecret;
  /** Of the reset that a role which takes two people begins with. */
  readonly request: string;
}
export interface RequestIdentityReference extends Command {
  readonly type: 'RequestIdentityReference';
  readonly person: string;
  readonly reference: string;
}
/** The second person says the same reference. */
export interface ConfirmIdentityReference extends Confirmation {
  readonly type: 'ConfirmIdentityReference';
  readonly person: string;
  readonly reference: string;
}
export interface RenewEnrolment extends Command {
  readonly type: 'RenewEnrolment';
  readonly person: string;
  readonly credential: EnrolmentSecret;
}
export interface SetFirstPassword extends Command {
  readonly type: 'SetFirstPassword';
  readonly credential: Credential;
  /** The one-time secret that was verified just now. */
  readonly enrolment: string;
}
/** With the password before, which was right, and the code where the person has a second component. A session begins with it. */
export interface ChangePassword extends Command, Proof {
  readonly type: 'ChangePassword';
  readonly credential: Credential;
  readonly session: string;
  readonly expiresAt: string;
  readonly failuresBefore: CountedFailures | null;
}
export interface RequestReset extends Command {
  readonly type: 'RequestReset';
  readonly person: string;
  readonly request: string;
}
/** What a second person confirms. */
interface Confirmation extends Command {
  /** Whether who asked for it may still ask: their own stream says so. */
  readonly requesterIsAdmin: boolean;
}
export interface ConfirmReset extends Confirmation {
  readonly type: 'ConfirmReset';
  readonly person: string;
  readonly request: string;
  readonly credential: EnrolmentSecret;
}
/** What the host's way back takes, at each of its two steps. */
interface Recovery extends Command {
  readonly person: string;
  readonly request: string;
  readonly credential: EnrolmentSecret;
  /** How many admins have been signed in since it was asked for, or within a session's length before. */
  readonly adminsWhoAct: number;
}
export interface RequestAdminRecovery extends Recovery {
  readonly type: 'RequestAdminRecovery';
  readonly login: string;
  /** Of somebody new; null otherwise. */
  readonly name: string | null;
  readonly verification: string | null;
  readonly host: RecoveryHost;
}
export interface ConfirmAdminRecovery extends Recovery {
  readonly type: 'ConfirmAdminRecovery';
  /** Whether who asked for it may still act: their own stream says so. */
  readonly requesterIsActive: boolean;
}
interface RoleInRings {
  readonly role: Role;
  /** Null: wherever. */
  readonly rings: readonly string[] | null;
}
interface AmongAdmins {
  /** How many people can act as admin, this one not counted. */
  readonly otherAdmins: number;
}
/** Grants it at once, unless it takes two people. */
export interface GrantRole extends Command, RoleInRings {
  readonly type: 'GrantRole';
  readonly person: string;
}
export interface ConfirmRole extends Confirmation, RoleInRings {
  readonly type: 'ConfirmRole';
  readonly person: string;
}
export interface RevokeRole extends Command, RoleInRings, AmongAdmins {
  readonly type: 'RevokeRole';
  readonly person: string;
}
export interface DisablePerson extends Command, AmongAdmins {
  readonly type: 'DisablePerson';
  readonly person: string;
}
/** Wrong passwords that are not in the history yet. */
export interface CountedFailures {
  readonly failures: number;
  readonly first: string;
  readonly last: string;
}
/** The password was right, or what the identity provider answered, and so was the code where one was given. */
export interface SignIn extends Command, ProofOrSignOn {
  readonly type: 'SignIn';
  readonly session: string;
  readonly expiresAt: string;
  readonly failuresBefore: CountedFailures | null;
}
/** What was given was right a moment ago. */
export interface Reauthenticate extends Command, ProofOrSignOn {
  readonly type: 'Reauthenticate';
  readonly login: boolean;
  readonly session: string;
  readonly purpose: ReauthenticationFor;
  readonly failuresBefore: CountedFailures | null;
}
export interface OfferSecondFactor extends Command {
  readonly type: 'OfferSecondFactor';
  readonly credential: SecondFactorCredential;
}
/** The code of the offered secret was right, in this session. */
export interface EnrolSecondFactor extends Command {
  readonly type: 'EnrolSecondFactor';
  readonly session: string;
  readonly use: CodeUse;
}
export interface RemoveSecondFactor extends Command {
  readonly type: 'RemoveSecondFactor';
}
export interface OfferSecurityKey extends Command {
  readonly type: 'OfferSecurityKey';
  readonly name: string;
  readonly session: string;
  readonly challengeDigest: string;
}
/** The key answered the challenge, in this session. Its name is what was said with the offer. */
export interface EnrolSecurityKey extends Command {
  readonly type: 'EnrolSecurityKey';
  readonly session: string;
  readonly challengeDigest: string;
  readonly key: Omit<SecurityKey, 'name'>;
}
export interface RemoveSecurityKey extends Command {
  readonly type: 'RemoveSecurityKey';
  readonly session: string;
  readonly key: string;
}
export interface ReportKeyCount extends Command {
  readonly type: 'ReportKeyCount';
  readonly key: string;
  readonly found: number;
}
export interface RequestSingleSignOn extends Command, SignOnIdentity {
  readonly type: 'RequestSingleSignOn';
  readonly person: string;
}
/** The person's components were right in this session, and they signed in at the provider as `identity` says. */
export interface BindSingleSignOn extends Command {
  readonly type: 'BindSingleSignOn';
  readonly session: string;
  readonly identity: SignOnIdentity;
  readonly use: SignOnUse;
  /** Whether who asked for it may still ask: their own stream says so. */
  readonly requesterIsAdmin: boolean;
}
export interface RemoveSingleSignOn extends Command {
  readonly type: 'RemoveSingleSignOn';
  readonly person: string;
}
/** No right password came after them: a door that opens records those before it itself. */
export interface RecordFailures extends Command {
  readonly type: 'RecordFailures';
  readonly counted: CountedFailures;
}
export interface ReportTampering extends Command {
  readonly type: 'ReportTampering';
  readonly credential: string;
  readonly expected: string;
  readonly found: string | null;
}

export type PersonCommand =
  | EnrolPerson
  | RequestIdentityReference
  | ConfirmIdentityReference
  | RenewEnrolment
  | SetFirstPassword
  | ChangePassword
  | RequestReset
  | ConfirmReset
  | RequestAdminRecovery
  | ConfirmAdminRecovery
  | GrantRole
  | ConfirmRole
  | RevokeRole
  | DisablePerson
  | SignIn
  | Reauthenticate
  | OfferSecondFactor
  | EnrolSecondFactor
  | RemoveSecondFactor
  | OfferSecurityKey
  | EnrolSecurityKey
  | RemoveSecurityKey
  | ReportKeyCount
  | RequestSingleSignOn
  | BindSingleSignOn
  | RemoveSingleSignOn
  | SignOut
  | EndUnusedSession
  | RecordFailures
  | ReportTampering;
