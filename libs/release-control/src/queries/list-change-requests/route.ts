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
import { RecordedReasonDto } from '#platform/http/reason.dto';
import { STATUSES } from '../../domain/change-request/state.js';
import { ListChangeRequests, type ChangeRequestLine, type ChangeRequestPage } from './query.js';

class ListChangeRequestsDto {
  @ApiPropertyOptional({ enum: STATUSES })
  @IsOptional()
  @IsIn(STATUSES)
  status?: string;

  @IsAfter('change-requests', /^[0-9]{1,18}$/)
  after?: string;

  @IsLimit(50, 500)
  limit?: number;
}

class ChangeRequestLineDto implements ChangeRequestLine {
  @ApiProperty({ example: 'CR-2026-0042' })
  id!: string;

  @ApiProperty()
  ring!: string;

  @ApiProperty({ enum: STATUSES })
  status!: string;

  @ApiProperty()
  author!: string;

  @ApiProperty({ type: RecordedReasonDto })
  reason!: RecordedReasonDto;

  @ApiProperty()
  firstPosition!: string;

  @ApiProperty()
  lastPosition!: string;
}

class ChangeRequestPageDto implements ChangeRequestPage {
  @ApiProperty({ type: [ChangeRequestLineDto] })
  changeRequests!: readonly ChangeRequestLineDto[];

  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class ListChangeRequestsRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ operationId: 'listChangeRequests', summary: 'Change requests, the newest first' })
  @ApiOkResponse({ type: ChangeRequestPageDto })
  list(@Query() { status, after, limit = 50 }: ListChangeRequestsDto): Promise<ChangeRequestPageDto> {
    return this.queries.execute(new ListChangeRequests({ status, after, limit }));
  }
}
