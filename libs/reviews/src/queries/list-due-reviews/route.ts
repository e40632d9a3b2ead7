import { Controller, Get, Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { CurrentSession, type Session } from '#identity/published';
import { REVIEW_KINDS, type ReviewKind } from '../../domain/kinds.js';
import { ListDueReviews, type DueReview, type WaitingReview } from './query.js';

class WaitingReviewDto implements WaitingReview {
  @ApiProperty({ example: 'AR-0003' })
  id!: string;
  @ApiProperty()
  openedBy!: string;
  @ApiProperty()
  openedAt!: string;
  @ApiProperty({ description: 'Whether it takes the signature of whoever asks' })
  asksYou!: boolean;
}

class DueReviewDto implements DueReview {
  @ApiProperty({ enum: REVIEW_KINDS })
  kind!: ReviewKind;
  @ApiProperty({ type: String, nullable: true, description: 'The last one that was completed' })
  last!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'As the last one says; where none was completed, one period after the site was founded',
  })
  nextDue!: string | null;
  @ApiProperty()
  overdue!: boolean;
  @ApiProperty({ type: String, nullable: true, description: 'Of the trail: positions below it are reviewed' })
  reviewedUpTo!: string | null;
  @ApiProperty({ type: [WaitingReviewDto] })
  waiting!: readonly WaitingReviewDto[];
}

class DueReviewsDto {
  @ApiProperty({ type: [DueReviewDto] })
  kinds!: readonly DueReviewDto[];
}

@ApiTags('reviews')
@ApiBearerAuth()
@Controller('v1/due-reviews')
export class ListDueReviewsRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    operationId: 'listDueReviews',
    summary: 'Of each kind of review: the last one, when the next one is due, and what waits for signatures',
  })
  @ApiOkResponse({ type: DueReviewsDto })
  async list(@CurrentSession() { person }: Session): Promise<DueReviewsDto> {
    return { kinds: await this.queries.execute(new ListDueReviews(person)) };
  }
}
