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
import { IsString, Length } from 'class-validator';
import { IsLeftOut } from '#platform/http/is-left-out';
import { DEFAULT_RING, requireKnownRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { ReasonDto } from '#platform/http/reason.dto';
import { STREAM_WRITER } from '#platform/tokens';
import { AT_EXPIRY } from '../../domain/change-request/hold-expiry.js';
import type { Evaluation, OpenReview } from '../../domain/holds/review-events.js';
import { RingTargetDto } from '../ring-target.dto.js';
import { ListHolds, type HoldLine } from './query.js';

class ListHoldsDto {
  @ApiPropertyOptional({ description: `${DEFAULT_RING}, where it is left out` })
  @IsLeftOut()
  @IsString()
  @Length(1, 64)
  ring?: string;
}

class HeldSinceDto {
  @ApiProperty()
  readonly at!: string;

  @ApiProperty()
  readonly changeRequest!: string;
}

class NewerDto {
  @ApiProperty()
  readonly version!: string;

  @ApiProperty({ description: 'Since when we know' })
  readonly since!: string;
}

class TermsDto {
  @ApiProperty({ description: 'The login of who answers for it' })
  readonly owner!: string;

  @ApiProperty({ description: 'Why it is acceptable not to take what upstream has' })
  readonly risk!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly expiresAt!: string | null;

  @ApiProperty()
  readonly expired!: boolean;
}

class HoldEndSaidDto {
  @ApiProperty({ format: 'date-time' })
  readonly at!: string;

  @ApiProperty({ enum: AT_EXPIRY, description: 'What comes of it then' })
  readonly action!: (typeof AT_EXPIRY)[number];

  @ApiProperty()
  readonly expired!: boolean;
}

class HoldReviewDto implements OpenReview {
  @ApiProperty({ description: 'What upstream had when it was said to be overdue' })
  readonly upstream!: string;

  @ApiProperty({ format: 'date-time', description: 'Since when upstream has had something newer' })
  readonly since!: string;

  @ApiProperty({ format: 'date-time', description: 'When it was said to be overdue' })
  readonly at!: string;

  @ApiProperty({ description: 'For how many days it was behind then' })
  readonly days!: number;
}

class HoldEvaluationDto implements Evaluation {
  @ApiProperty({ description: 'What upstream had, as who evaluated it saw it' })
  readonly upstream!: string;

  @ApiProperty({ description: 'What is done about the risk of staying behind' })
  readonly mitigation!: string;

  @ApiProperty({ format: 'date-time', description: 'Until when it may stay' })
  readonly until!: string;

  @ApiProperty({ format: 'date-time' })
  readonly at!: string;

  @ApiProperty({ description: 'The name of who evaluated it' })
  readonly by!: string;
}

class HoldDto extends RingTargetDto implements HoldLine {
  @ApiProperty({ description: 'For a snap, its revision' })
  readonly version!: string;

  @ApiProperty({ type: HeldSinceDto })
  readonly since!: HeldSinceDto;

  @ApiProperty({ type: ReasonDto, nullable: true, description: 'Of the change request' })
  readonly reason!: HoldLine['reason'];

  @ApiProperty({ type: NewerDto, nullable: true, description: 'What upstream has instead' })
  readonly newer!: NewerDto | null;

  @ApiProperty({ type: HoldEndSaidDto, nullable: true, description: 'null: no end was signed with it' })
  readonly expiry!: HoldEndSaidDto | null;

  @ApiProperty({ type: TermsDto, nullable: true, description: 'null: nobody has said any of this version' })
  readonly terms!: TermsDto | null;

  @ApiProperty({ type: HoldReviewDto, nullable: true, description: 'null: it is not overdue for review' })
  readonly review!: HoldReviewDto | null;

  @ApiProperty({ type: HoldEvaluationDto, nullable: true, description: 'The last one; null: there was none' })
  readonly evaluation!: HoldEvaluationDto | null;
}

class HoldsDto {
  @ApiProperty({ type: [HoldDto] })
  readonly holds!: readonly HoldDto[];
}

@ApiTags('release policy')
@ApiBearerAuth()
@Controller('v1/holds')
export class ListHoldsRoute {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listHolds',
    summary:
      'What a ring holds back: since when and why, what upstream has instead, who answers for it, until when',
  })
  @ApiOkResponse({ type: HoldsDto })
  async list(@Query() { ring = DEFAULT_RING }: ListHoldsDto): Promise<HoldsDto> {
    await requireKnownRing(this.streams, ring);
    return { holds: await this.queries.execute(new ListHolds(ring)) };
  }
}
