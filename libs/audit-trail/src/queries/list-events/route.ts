import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { IsLimit } from '#platform/http/page';
import { AuditFilterDto } from '../audit-filter.dto.js';
import { ORDERS, type Order } from '../audit-filter.js';
import { AuditPageDto } from './audited-event.dto.js';
import { ListEvents } from './query.js';

const DEFAULT_LIMIT = 100;
const LARGEST_LIMIT = 1000;

class ListEventsDto extends AuditFilterDto {
  @IsLimit(DEFAULT_LIMIT, LARGEST_LIMIT)
  limit?: number;

  @ApiPropertyOptional({ enum: ORDERS, default: 'oldest', description: 'Which come first' })
  @IsOptional()
  @IsIn(ORDERS)
  order?: Order;
}

@ApiTags('audit')
@ApiBearerAuth()
@Controller('v1/audit')
export class ListEventsRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ operationId: 'listEvents', summary: 'Who did what, when and why' })
  @ApiOkResponse({ type: AuditPageDto })
  list(
    @Query() { limit = DEFAULT_LIMIT, order = 'oldest', ...filter }: ListEventsDto,
  ): Promise<AuditPageDto> {
    return this.queries.execute(new ListEvents({ ...filter, limit, order }));
  }
}
