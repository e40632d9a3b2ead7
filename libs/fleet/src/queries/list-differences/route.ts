import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { IsRfc3339Time } from '#platform/http/is-time';
import { IsAfter, IsLimit } from '#platform/http/page';
import { DifferencePageDto } from './difference.dto.js';
import { PLACE } from '../place.js';
import { ListDifferences } from './query.js';

class ListDifferencesDto {
  @ApiPropertyOptional({ description: 'A name or a snap-id', example: 'core18' })
  @IsOptional()
  @Matches(/^[\x21-\x7e]{1,200}$/, { message: 'must be the name or the id of a snap' })
  snap?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Leaves out what was not seen since then; requests are counted by whole hours',
    example: '2026-11-26T12:00:00Z',
  })
  @IsOptional()
  @IsRfc3339Time()
  since?: string;

  @IsAfter('shadow', PLACE)
  after?: string;

  @IsLimit(100, 1000)
  limit?: number;
}

@ApiTags('nodes')
@ApiBearerAuth()
@Controller('v1/shadow')
export class ListDifferencesRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    operationId: 'listDifferences',
    summary: 'What proxies that are shadows of another store proxy have found different from it',
  })
  @ApiOkResponse({ type: DifferencePageDto })
  list(@Query() { limit = 100, ...filter }: ListDifferencesDto): Promise<DifferencePageDto> {
    return this.queries.execute(new ListDifferences({ ...filter, limit }));
  }
}
