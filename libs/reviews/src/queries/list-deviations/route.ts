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
import { DeviationDto } from '../show-review/content.dto.js';
import { ListDeviations, type DeviationListed, type DeviationPage } from './query.js';

const STATUSES = ['open', 'all'] as const;

class ListDeviationsDto {
  @ApiPropertyOptional({ enum: STATUSES, default: 'open', description: 'open: those that nobody has closed' })
  @IsOptional()
  @IsIn(STATUSES)
  status?: (typeof STATUSES)[number];

  @IsAfter('deviations', /^[0-9]{1,18}$/)
  after?: string;

  @IsLimit(50, 500)
  limit?: number;
}

class DeviationListedDto extends DeviationDto implements DeviationListed {
  @ApiProperty({ example: 'TR-0042' })
  review!: string;
  @ApiProperty()
  text!: string;
  @ApiProperty({ description: 'Printed name' })
  foundBy!: string;
  @ApiProperty()
  foundAt!: string;
  @ApiProperty({ type: String, nullable: true, description: 'The record elsewhere' })
  ticket!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Of the event that it is about' })
  position!: string | null;
}

class DeviationPageDto implements DeviationPage {
  @ApiProperty({ type: [DeviationListedDto] })
  deviations!: readonly DeviationListedDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

@ApiTags('reviews')
@ApiBearerAuth()
@Controller('v1/deviations')
export class ListDeviationsRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    operationId: 'listDeviations',
    summary: 'Deviations that reviews found, by review, the oldest first; those of up to `limit` reviews',
  })
  @ApiOkResponse({ type: DeviationPageDto })
  list(@Query() { status = 'open', after, limit = 50 }: ListDeviationsDto): Promise<DeviationPageDto> {
    return this.queries.execute(new ListDeviations({ open: status === 'open', after, limit }));
  }
}
