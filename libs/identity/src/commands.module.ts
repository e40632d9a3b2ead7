import { Global, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CloseCommissioningHandler } from './commands/close-commissioning/command.js';
import { ChangePasswordHandler } from './commands/change-password/command.js';
import { RequestResetHandler } from './commands/request-reset/command.js';
import { ConfirmResetHandler } from './commands/confirm-reset/command.js';
import { ConfirmAdminRecoveryHandler } from './commands/confirm-admin-recovery/command.js';
import { RequestAdminRecoveryHandler } from './commands/request-admin-recovery/command.js';
import { ConfirmRoleHandler } from './commands/confirm-role/command.js';
import { ConfirmSamePersonHandler } from './commands/confirm-same-person/command.js';
import { ConfirmIdentityReferenceHandler } from './commands/confirm-identity-reference/command.js';
import { RequestIdentityReferenceHandler } from './commands/request-identity-reference/command.js';
import { DeclareSamePersonHandler } from './commands/declare-same-person/command.js';
import { DisablePersonHandler } from './commands/disable-person/command.js';
import { EnrolPersonHandler } from './commands/enrol-person/command.js';
import { EnrolSecondFactorHandler } from './commands/enrol-second-factor/command.js';
import { OfferSecondFactorHandler } from './commands/offer-second-factor/command.js';
import { RemoveSecondFactorHandler } from './commands/remove-second-factor/command.js';
import { EnrolSecurityKeyHandler } from './commands/enrol-security-key/command.js';
import { OfferSecurityKeyHandler } from './commands/offer-security-key/command.js';
import { RemoveSecurityKeyHandler } from './commands/remove-security-key/command.js';
import { GrantRoleHandler } from './commands/grant-role/command.js';
import { IssueTokenHandler } from './commands/issue-token/command.js';
import { RevokeRoleHandler } from './commands/revoke-role/command.js';
import { RevokeTokenHandler } from './commands/revoke-token/command.js';
import { SetFirstPasswordHandler } from './commands/set-first-password/command.js';
import { BindSingleSignOnHandler } from './commands/bind-single-sign-on/command.js';
import { RemoveSingleSignOnHandler } from './commands/remove-single-sign-on/command.js';
import { RequestSingleSignOnHandler } from './commands/request-single-sign-on/command.js';
import { SignInWithSignOnHandler } from './commands/sign-in-with-sign-on/command.js';
import { OpenSession } from './commands/sign-in/open-session.js';
import { SignInHandler } from './commands/sign-in/command.js';
import { SignOutHandler } from './commands/sign-out/command.js';
import { CountedGuesses } from './credentials/counted-guesses.js';
import { Credentials } from './credentials/credentials.js';
import { FailureRecorder } from './credentials/failure-recorder.js';
import { PasswordCheck } from './credentials/password-check.js';
import { Reauthentication } from './credentials/reauthentication.js';
import { Admins } from './admins.js';
import { Directory } from './directory.js';
import { IdentityReferences } from './identity-references/identity-references.js';
import { People } from './people.js';
import { RolesHeld } from './roles-held.js';
import { SecurityKeys } from './security-keys/security-keys.js';
import { Signatures } from './signatures/signatures.js';
import { LastUses } from './sessions/last-uses.js';
import { Sessions } from './sessions/sessions.js';
import { SignOnHolders } from './single-sign-on/sign-on-holders.js';
import { SignOns } from './single-sign-on/sign-ons.js';
import { Tokens } from './tokens/tokens.js';
import { TrainingGate } from './training-gate.js';
import { RecordTrainingHandler } from './commands/record-training/command.js';

/**
 * People's commands, and what other contexts ask of identity: who is signed in, and the password again. Global, since every route needs it.
 * Expects of the composition root, beside the platform's tokens: `CredentialStore`, `TotpSeals`, `ResetParts`, `ReferenceDigests`, `HostProofs`, `SessionTokens`, `HandOverCodes`, `ApiTokens`, `KeyChallenges`, `RELYING_PARTY`, `SealedSignOns`, `IDENTITY_PROVIDER`,
 * `CREDENTIAL_RULES` and `ISSUER`.
 */
@Global()
@Module({
  imports: [CqrsModule],
  providers: [
    Admins,
    Directory,
    People,
    Credentials,
    CountedGuesses,
    PasswordCheck,
    FailureRecorder,
    Reauthentication,
    Signatures,
    RolesHeld,
    SecurityKeys,
    SignOns,
    SignOnHolders,
    OpenSession,
    LastUses,
    Sessions,
    Tokens,
    TrainingGate,
    RecordTrainingHandler,
    SignInHandler,
    SignInWithSignOnHandler,
    RequestSingleSignOnHandler,
    BindSingleSignOnHandler,
    RemoveSingleSignOnHandler,
    SignOutHandler,
    EnrolPersonHandler,
    GrantRoleHandler,
    RevokeRoleHandler,
    DisablePersonHandler,
    SetFirstPasswordHandler,
    CloseCommissioningHandler,
    IssueTokenHandler,
    RevokeTokenHandler,
    OfferSecondFactorHandler,
    ChangePasswordHandler,
    RequestResetHandler,
    ConfirmResetHandler,
    RequestAdminRecoveryHandler,
    ConfirmAdminRecoveryHandler,
    ConfirmRoleHandler,
    IdentityReferences,
    RequestIdentityReferenceHandler,
    ConfirmIdentityReferenceHandler,
    DeclareSamePersonHandler,
    ConfirmSamePersonHandler,
    EnrolSecondFactorHandler,
    RemoveSecondFactorHandler,
    OfferSecurityKeyHandler,
    EnrolSecurityKeyHandler,
    RemoveSecurityKeyHandler,
  ],
  exports: [
    Directory,
    People,
    PasswordCheck,
    Reauthentication,
    RolesHeld,
    SecurityKeys,
    Sessions,
    Signatures,
    SignOnHolders,
    SignOns,
    Tokens,
    TrainingGate,
  ],
})
export class IdentityCommandsModule {}
