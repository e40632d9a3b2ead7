import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { CloseCommissioningRoute } from './commands/close-commissioning/route.js';
import { ChangePasswordRoute } from './commands/change-password/route.js';
import { RequestResetRoute } from './commands/request-reset/route.js';
import { ConfirmAdminRecoveryRoute } from './commands/confirm-admin-recovery/route.js';
import { RequestAdminRecoveryRoute } from './commands/request-admin-recovery/route.js';
import { ConfirmResetRoute } from './commands/confirm-reset/route.js';
import { ConfirmRoleRoute } from './commands/confirm-role/route.js';
import { ConfirmSamePersonRoute } from './commands/confirm-same-person/route.js';
import { ConfirmIdentityReferenceRoute } from './commands/confirm-identity-reference/route.js';
import { RequestIdentityReferenceRoute } from './commands/request-identity-reference/route.js';
import { DeclareSamePersonRoute } from './commands/declare-same-person/route.js';
import { DisablePersonRoute } from './commands/disable-person/route.js';
import { EnrolPersonRoute } from './commands/enrol-person/route.js';
import { EnrolSecondFactorRoute } from './commands/enrol-second-factor/route.js';
import { OfferSecondFactorRoute } from './commands/offer-second-factor/route.js';
import { RemoveSecondFactorRoute } from './commands/remove-second-factor/route.js';
import { ChallengeCredentialsRoute } from './commands/challenge-credentials/route.js';
import { ChallengeSignInRoute } from './commands/challenge-sign-in/route.js';
import { HandOverRoute } from './commands/hand-over/hand-over.route.js';
import { RedeemHandOverRoute } from './commands/hand-over/redeem.route.js';
import { EnrolSecurityKeyRoute } from './commands/enrol-security-key/route.js';
import { OfferSecurityKeyRoute } from './commands/offer-security-key/route.js';
import { RemoveSecurityKeyRoute } from './commands/remove-security-key/route.js';
import { ListSecurityKeysRoute } from './queries/list-security-keys/route.js';
import { GrantRoleRoute } from './commands/grant-role/route.js';
import { IssueTokenRoute } from './commands/issue-token/route.js';
import { RevokeRoleRoute } from './commands/revoke-role/route.js';
import { RevokeTokenRoute } from './commands/revoke-token/route.js';
import { SetFirstPasswordRoute } from './commands/set-first-password/route.js';
import { SignInRoute } from './commands/sign-in/route.js';
import { SignOutRoute } from './commands/sign-out/route.js';
import { AnswerSignOnRoute } from './commands/answer-sign-on/route.js';
import { BeginOwnSignOnRoute } from './commands/begin-sign-on/own.route.js';
import { BeginSignOnRoute } from './commands/begin-sign-on/sign-in.route.js';
import { BindSingleSignOnRoute } from './commands/bind-single-sign-on/route.js';
import { ChallengeSignOnRoute } from './commands/challenge-sign-on/route.js';
import { RemoveSingleSignOnRoute } from './commands/remove-single-sign-on/route.js';
import { RequestSingleSignOnRoute } from './commands/request-single-sign-on/route.js';
import { SignInWithSignOnRoute } from './commands/sign-in-with-sign-on/route.js';
import { ShowSingleSignOnRoute } from './queries/show-single-sign-on/route.js';
import { ListPeopleHandler } from './queries/list-people/query.js';
import { RecordTrainingRoute } from './commands/record-training/route.js';
import { ShowTrainingRoute } from './queries/show-training/route.js';
import { ListPeopleRoute } from './queries/list-people/route.js';
import { ShowPersonHandler } from './queries/show-person/query.js';
import { ShowPersonRoute } from './queries/show-person/route.js';
import { ListRightsHandler } from './queries/list-rights/query.js';
import { ListSamePersonsHandler } from './queries/list-same-persons/query.js';
import { ListSamePersonsRoute } from './queries/list-same-persons/route.js';
import { ListRightsRoute } from './queries/list-rights/route.js';
import { ListTokensThenHandler } from './queries/list-tokens-then/query.js';
import { ListTokensHandler } from './queries/list-tokens/query.js';
import { ListTokensRoute } from './queries/list-tokens/route.js';
import { ShowMeRoute } from './queries/show-me/route.js';

@Module({
  imports: [CqrsModule],
  controllers: [
    SignInRoute,
    SignOutRoute,
    ShowMeRoute,
    SetFirstPasswordRoute,
    EnrolPersonRoute,
    ListPeopleRoute,
    ShowPersonRoute,
    RecordTrainingRoute,
    ShowTrainingRoute,
    GrantRoleRoute,
    RevokeRoleRoute,
    DisablePersonRoute,
    CloseCommissioningRoute,
    IssueTokenRoute,
    ListTokensRoute,
    RevokeTokenRoute,
    OfferSecondFactorRoute,
    ChangePasswordRoute,
    RequestResetRoute,
    ConfirmResetRoute,
    RequestAdminRecoveryRoute,
    ConfirmAdminRecoveryRoute,
    ConfirmRoleRoute,
    RequestIdentityReferenceRoute,
    ConfirmIdentityReferenceRoute,
    DeclareSamePersonRoute,
    ConfirmSamePersonRoute,
    ListSamePersonsRoute,
    ListRightsRoute,
    EnrolSecondFactorRoute,
    RemoveSecondFactorRoute,
    ListSecurityKeysRoute,
    HandOverRoute,
    RedeemHandOverRoute,
    ChallengeSignInRoute,
    ChallengeCredentialsRoute,
    OfferSecurityKeyRoute,
    EnrolSecurityKeyRoute,
    RemoveSecurityKeyRoute,
    AnswerSignOnRoute,
    BeginOwnSignOnRoute,
    BeginSignOnRoute,
    BindSingleSignOnRoute,
    ChallengeSignOnRoute,
    RemoveSingleSignOnRoute,
    RequestSingleSignOnRoute,
    SignInWithSignOnRoute,
    ShowSingleSignOnRoute,
  ],
  providers: [
    ListSamePersonsHandler,
    ListPeopleHandler,
    ShowPersonHandler,
    ListRightsHandler,
    ListTokensHandler,
    ListTokensThenHandler,
  ],
})
export class IdentityRoutesModule {}
