import { Controller, Get, Inject, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { reviewStream } from '../../domain/kinds.js';
import { review } from '../../domain/review/review.js';
import { ShowReview } from './query.js';
import { ReviewDto } from './review.dto.js';

@ApiTags('reviews')
@ApiBearerAuth()
@Controller('v1/reviews')
export class ShowReviewRoute {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  @Get(':id')
  @ApiOperation({
    operationId: 'showReview',
    summary: 'A review with the record that a signature is bound to, and its history',
  })
  @ApiOkResponse({ type: ReviewDto })
  async show(@Param('id') id: string): Promise<ReviewDto> {
    const view = await this.queries.execute(new ShowReview(id));
    const shown = view.history.at(-1)?.id;
    // A read model that lags shows an older revision than the stream has: then none is named.
    if (shown !== undefined) await this.streams.showRevisionOf(review, reviewStream(id), shown);
    return view;
  }
}
