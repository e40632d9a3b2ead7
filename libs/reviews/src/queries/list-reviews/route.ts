import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { IsAfter, IsLimit } from '#platform/http/page';
import { REVIEW_KINDS, type ReviewKind } from '../../domain/kinds.js';
import { REVIEW_STATUSES, type ReviewStatus } from '../../domain/review/state.js';
import { ListReviews, type ReviewListed, type ReviewPage } from './query.js';

class ListReviewsDto {
  @ApiPropertyOptional({ enum: REVIEW_KINDS })
  @IsOptional()
  @IsIn(REVIEW_KINDS)
  kind?: string;

  @ApiPropertyOptional({ enum: REVIEW_STATUSES })
  @IsOptional()
  @IsIn(REVIEW_STATUSES)
  status?: string;

  @IsAfter('reviews', /^[0-9]{1,18}$/)
  after?: string;

  @IsLimit(50, 500)
  limit?: number;
}

class ReviewListedDto implements ReviewListed {
  @ApiProperty({ example: 'TR-0042' })
  id!: string;
  @ApiProperty({ enum: REVIEW_KINDS })
  kind!: ReviewKind;
  @ApiProperty({ enum: REVIEW_STATUSES })
  status!: ReviewStatus;
  @ApiProperty()
  openedBy!: string;
  @ApiProperty()
  openedAt!: string;
  @ApiProperty({ description: 'When the next one of its kind is due' })
  nextDue!: string;
  @ApiProperty()
  lines!: number;
  @ApiProperty()
  findings!: number;
  @ApiProperty({ type: [String], description: 'Printed names, in the order of signing' })
  signedBy!: readonly string[];
  @ApiProperty()
  firstPosition!: string;
}

class ReviewPageDto implements ReviewPage {
  @ApiProperty({ type: [ReviewListedDto] })
  reviews!: readonly ReviewListedDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

@ApiTags('reviews')
@ApiBearerAuth()
@Controller('v1/reviews')
export class ListReviewsRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ operationId: 'listReviews', summary: 'Reviews, the newest first' })
  @ApiOkResponse({ type: ReviewPageDto })
  list(@Query() { kind, status, after, limit = 50 }: ListReviewsDto): Promise<ReviewPageDto> {
    return this.queries.execute(new ListReviews({ kind, status, after, limit }));
  }
}
