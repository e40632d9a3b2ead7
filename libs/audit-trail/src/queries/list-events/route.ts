import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsISO8601, IsOptional, IsRFC3339, Length, Matches } from 'class-validator';
import { IsAfter, IsLimit } from '#platform/http/page';
import { AuditPageDto } from './audited-event.dto.js';
import { ListEvents, type AuditFilter } from './query.js';

const DEFAULT_LIMIT = 100;
const LARGEST_LIMIT = 1000;
const NO_CONTROL_CHARACTER = /^\P{Cc}*$/u;
const WORDS = { message: 'must have no control characters' };
const TIME = { message: 'must be a time such as 2026-11-22T12:48:14Z (RFC 3339)' };

class ListEventsDto implements Partial<AuditFilter> {
  @IsAfter('audit', /^[0-9]{1,18}$/, true)
  after?: string;

  @IsLimit(DEFAULT_LIMIT, LARGEST_LIMIT)
  limit?: number;

  @ApiPropertyOptional({ description: 'Id or name of the person or service' })
  @IsOptional()
  @Length(1, 200)
  @Matches(NO_CONTROL_CHARACTER, WORDS)
  actor?: string;

  @ApiPropertyOptional({ example: 'ChangeApproved' })
  @IsOptional()
  @Length(1, 200)
  @Matches(NO_CONTROL_CHARACTER, WORDS)
  type?: string;

  @ApiPropertyOptional({ example: 'change-request/CR-2026-0042' })
  @IsOptional()
  @Length(1, 500)
  @Matches(NO_CONTROL_CHARACTER, WORDS)
  stream?: string;

  @ApiPropertyOptional({ description: "The reason's code", example: 'security-fix' })
  @IsOptional()
  @Length(1, 200)
  @Matches(NO_CONTROL_CHARACTER, WORDS)
  reason?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Not before' })
  @IsOptional()
  @IsRFC3339(TIME)
  @IsISO8601({ strict: true }, TIME)
  from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Before' })
  @IsOptional()
  @IsRFC3339(TIME)
  @IsISO8601({ strict: true }, TIME)
  to?: string;
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
