import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { ChallengeReviewRoute } from './commands/challenge-review/route.js';
import { CloseDeviationRoute } from './commands/close-deviation/route.js';
import { DecideOnRightsRoute } from './commands/decide-on-rights/route.js';
import { OpenReviewRoute } from './commands/open-review/route.js';
import { RecordFindingRoute } from './commands/record-finding/route.js';
import { SignReviewRoute } from './commands/sign-review/route.js';
import { WithdrawReviewRoute } from './commands/withdraw-review/route.js';
import { ListDeviationsHandler } from './queries/list-deviations/query.js';
import { ListDeviationsRoute } from './queries/list-deviations/route.js';
import { ListDueReviewsHandler } from './queries/list-due-reviews/query.js';
import { ListDueReviewsRoute } from './queries/list-due-reviews/route.js';
import { ListReviewsHandler } from './queries/list-reviews/query.js';
import { ListReviewsRoute } from './queries/list-reviews/route.js';
import { ShowReviewHandler } from './queries/show-review/query.js';
import { ShowReviewRoute } from './queries/show-review/route.js';

/** What control serves of this context; identity's module, which proves who signs, and the trail's are the root's to load beside it. */
@Module({
  imports: [CqrsModule],
  controllers: [
    OpenReviewRoute,
    DecideOnRightsRoute,
    RecordFindingRoute,
    CloseDeviationRoute,
    SignReviewRoute,
    ChallengeReviewRoute,
    WithdrawReviewRoute,
    ListReviewsRoute,
    ShowReviewRoute,
    ListDueReviewsRoute,
    ListDeviationsRoute,
  ],
  providers: [ListReviewsHandler, ShowReviewHandler, ListDueReviewsHandler, ListDeviationsHandler],
})
export class ReviewsRoutesModule {}
