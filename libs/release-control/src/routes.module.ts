import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AttachFileRoute } from './commands/attach-file/route.js';
import { ApproveChangeRoute } from './commands/approve-change/route.js';
import { ReviewChangeRoute } from './commands/review-change/route.js';
import { CloseChangeRoute } from './commands/close-change/route.js';
import { ChallengeSignatureRoute } from './commands/challenge-signature/route.js';
import { DraftChangeRoute } from './commands/draft-change/route.js';
import { HaltRoute } from './commands/halt/route.js';
import { RatifyEmergencyRoute } from './commands/ratify-emergency/route.js';
import { RefuseRatificationRoute } from './commands/refuse-ratification/route.js';
import { ReleaseEmergencyRoute } from './commands/release-emergency/route.js';
import { RecallChangeRoute } from './commands/recall-change/route.js';
import { HandOverChangeRoute } from './commands/hand-over-change/route.js';
import { ReportTicketRoute } from './commands/report-ticket/route.js';
import { RejectChangeRoute } from './commands/reject-change/route.js';
import { Signing } from './commands/signing.js';
import { SubmitForTokenRoute } from './commands/submit-for-token/route.js';
import { CommentOnChangeRoute } from './commands/comment-on-change/route.js';
import { ReviseChangeRoute } from './commands/revise-change/route.js';
import { SubmitChangeRoute } from './commands/submit-change/route.js';
import { SubmitSignedRoute } from './commands/submit-change/signed-route.js';
import { UseTemplateRoute } from './commands/use-template/route.js';
import { WithdrawTemplateRoute } from './commands/withdraw-template/route.js';
import { VerifyChangeRoute } from './commands/verify-change/route.js';
import { WithdrawChangeRoute } from './commands/withdraw-change/route.js';
import { ListStoreOverridesRoute } from './overrides-api/list.route.js';
import { StoreLoginRoute } from './overrides-api/store-login.route.js';
import { SubmitStoreOverridesRoute } from './overrides-api/submit.route.js';
import { ExplainDeviceRoute } from './queries/explain-device/route.js';
import { ListMembersRoute } from './queries/list-members/route.js';
import { DownloadAttachmentRoute } from './queries/download-attachment/route.js';
import { InForce } from './queries/in-force.js';
import { ListChangeRequestsHandler } from './queries/list-change-requests/query.js';
import { ListChangeRequestsRoute } from './queries/list-change-requests/route.js';
import { ShowFiguresRoute } from './queries/show-figures/route.js';
import { ShowRollBackRoute } from './queries/show-roll-back/route.js';
import { ListEmergenciesRoute } from './queries/list-emergencies/route.js';
import { EvaluateHoldRoute } from './commands/evaluate-hold/route.js';
import { ListOverdueHoldsHandler } from './queries/list-overdue-holds/query.js';
import { ListUpdatesNotAppliedHandler } from './queries/list-overdue-holds/updates.js';
import { ListOverdueHoldsRoute } from './queries/list-overdue-holds/route.js';
import { SetHoldTermsRoute } from './commands/set-hold-terms/route.js';
import { ListHoldsHandler } from './queries/list-holds/query.js';
import { ListHoldsRoute } from './queries/list-holds/route.js';
import { ListTemplatesRoute } from './queries/list-templates/route.js';
import { ListOverridesHandler } from './queries/list-overrides/query.js';
import { ListOverridesRoute } from './queries/list-overrides/route.js';
import { PreviewOverridesRoute } from './queries/preview-overrides/route.js';
import { ShowAccessHandler } from './queries/show-access/query.js';
import { ShowAccessRoute } from './queries/show-access/route.js';
import { ShowApprovalPolicyRoute } from './queries/show-approval-policy/route.js';
import { ShowChangeRequestHandler } from './queries/show-change-request/query.js';
import { ShowChangeRequestRoute } from './queries/show-change-request/route.js';
import { ShowDifferencesHandler } from './queries/show-differences/query.js';
import { ShowDifferencesRoute } from './queries/show-differences/route.js';
import { ShowLeavingHandler } from './queries/show-leaving/query.js';
import { ShowLeavingRoute } from './queries/show-leaving/route.js';
import { ShowPolicyRoute } from './queries/show-policy/route.js';
import { ShowUpdateMatrixHandler } from './queries/show-update-matrix/query.js';
import { ShowUpdateMatrixRoute } from './queries/show-update-matrix/route.js';
import { ShowSigningQueueHandler } from './queries/signing-queue/query.js';
import { ShowSigningQueueRoute } from './queries/signing-queue/route.js';
import { ListTrackedChannelsHandler } from './queries/tracked-channels.js';

/** What control serves of this context; identity's module, which proves who signs, is the root's to load beside it. */
@Module({
  imports: [CqrsModule],
  controllers: [
    DraftChangeRoute,
    SubmitChangeRoute,
    SubmitSignedRoute,
    WithdrawChangeRoute,
    ReviewChangeRoute,
    ApproveChangeRoute,
    ChallengeSignatureRoute,
    RejectChangeRoute,
    RecallChangeRoute,
    ReportTicketRoute,
    ReviseChangeRoute,
    CommentOnChangeRoute,
    AttachFileRoute,
    DownloadAttachmentRoute,
    VerifyChangeRoute,
    CloseChangeRoute,
    HaltRoute,
    ReleaseEmergencyRoute,
    UseTemplateRoute,
    WithdrawTemplateRoute,
    RatifyEmergencyRoute,
    RefuseRatificationRoute,
    ListEmergenciesRoute,
    ListMembersRoute,
    ShowUpdateMatrixRoute,
    ExplainDeviceRoute,
    ShowFiguresRoute,
    ShowRollBackRoute,
    HandOverChangeRoute,
    ShowLeavingRoute,
    ListChangeRequestsRoute,
    ShowChangeRequestRoute,
    ShowDifferencesRoute,
    ShowSigningQueueRoute,
    ListOverridesRoute,
    EvaluateHoldRoute,
    ListOverdueHoldsRoute,
    SetHoldTermsRoute,
    ListHoldsRoute,
    PreviewOverridesRoute,
    ShowPolicyRoute,
    SubmitForTokenRoute,
    ListStoreOverridesRoute,
    SubmitStoreOverridesRoute,
    StoreLoginRoute,
    ListTemplatesRoute,
    ShowAccessRoute,
    ShowApprovalPolicyRoute,
  ],
  providers: [
    Signing,
    ListChangeRequestsHandler,
    ShowChangeRequestHandler,
    ShowDifferencesHandler,
    ShowSigningQueueHandler,
    ListOverridesHandler,
    ListHoldsHandler,
    ListOverdueHoldsHandler,
    ListUpdatesNotAppliedHandler,
    ShowUpdateMatrixHandler,
    ListTrackedChannelsHandler,
    ShowAccessHandler,
    ShowLeavingHandler,
    InForce,
  ],
})
export class ReleaseControlRoutesModule {}
