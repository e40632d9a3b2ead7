import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsLimit } from '#platform/http/page';
import { AuditFilterDto } from '../audit-filter.dto.js';
import { AuditPageDto } from './audited-event.dto.js';
import { ListEvents } from './query.js';

const DEFAULT_LIMIT = 100;
const LARGEST_LIMIT = 1000;

class ListEventsDto extends AuditFilterDto {
  @IsLimit(DEFAULT_LIMIT, LARGEST_LIMIT)
  limit?: number;
}

@ApiTags('audit')
@ApiBearerAuth()
@Controller('v1/audit')
export class ListEventsRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ operationId: 'listEvents', summary: 'Who did what, when and why, the oldest first' })
  @ApiOkResponse({ type: AuditPageDto })
  list(@Query() { limit = DEFAULT_LIMIT, ...filter }: ListEventsDto): Promise<AuditPageDto> {
    return this.queries.execute(new ListEvents({ ...filter, limit }));
  }
}
