import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AttachFileHandler } from './commands/attach-file/command.js';
import { ApproveChangeHandler } from './commands/approve-change/command.js';
import { ReviewChangeHandler } from './commands/review-change/command.js';
import { CloseChangeHandler } from './commands/close-change/command.js';
import { DraftChangeHandler } from './commands/draft-change/command.js';
import { HaltHandler } from './commands/halt/command.js';
import { RatifyEmergencyHandler } from './commands/ratify-emergency/command.js';
import { RefuseRatificationHandler } from './commands/refuse-ratification/command.js';
import { ReleaseEmergencyHandler } from './commands/release-emergency/command.js';
import { RecallChangeHandler } from './commands/recall-change/command.js';
import { HandOverChangeHandler } from './commands/hand-over-change/command.js';
import { ReportTicketHandler } from './commands/report-ticket/command.js';
import { RejectChangeHandler } from './commands/reject-change/command.js';
import { RulesInReach } from './commands/rules-in-reach.js';
import { EvaluateHoldHandler } from './commands/evaluate-hold/command.js';
import { SetHoldTermsHandler } from './commands/set-hold-terms/command.js';
import { CommentOnChangeHandler } from './commands/comment-on-change/command.js';
import { ReviseChangeHandler } from './commands/revise-change/command.js';
import { SubmitChangeHandler } from './commands/submit-change/command.js';
import { SubmitForTokenHandler } from './commands/submit-for-token/command.js';
import { UseTemplateHandler } from './commands/use-template/command.js';
import { WithdrawTemplateHandler } from './commands/withdraw-template/command.js';
import { VerifyChangeHandler } from './commands/verify-change/command.js';
import { WithdrawChangeHandler } from './commands/withdraw-change/command.js';

/** The commands that people give. What the worker reports goes straight to the decider. */
@Module({
  imports: [CqrsModule],
  providers: [
    RulesInReach,
    DraftChangeHandler,
    SubmitChangeHandler,
    WithdrawChangeHandler,
    ReviewChangeHandler,
    ApproveChangeHandler,
    RejectChangeHandler,
    RecallChangeHandler,
    ReportTicketHandler,
    ReviseChangeHandler,
    CommentOnChangeHandler,
    AttachFileHandler,
    VerifyChangeHandler,
    CloseChangeHandler,
    HaltHandler,
    ReleaseEmergencyHandler,
    UseTemplateHandler,
    WithdrawTemplateHandler,
    RatifyEmergencyHandler,
    RefuseRatificationHandler,
    HandOverChangeHandler,
    SubmitForTokenHandler,
    EvaluateHoldHandler,
    SetHoldTermsHandler,
  ],
})
export class ReleaseControlCommandsModule {}
