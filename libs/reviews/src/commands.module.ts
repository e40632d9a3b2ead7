import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ChangeReviewHandler } from './commands/change-review.js';
import { Gathering } from './commands/gather.js';
import { OpenReviewHandler } from './commands/open-review/command.js';
import { RightsSince } from './commands/rights-since.js';
import { SignReviewHandler } from './commands/sign-review/command.js';

/** The commands that reviewers give. */
@Module({
  imports: [CqrsModule],
  providers: [Gathering, RightsSince, OpenReviewHandler, ChangeReviewHandler, SignReviewHandler],
})
export class ReviewsCommandsModule {}
