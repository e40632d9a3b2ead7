import { Controller, Get, Inject, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ChangeRequestDto } from './change-request.dto.js';
import { ShowChangeRequest } from './query.js';

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class ShowChangeRequestRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get(':id')
  @ApiOperation({
    operationId: 'showChangeRequest',
    summary: 'A request with the record that a signature is bound to, and its history',
  })
  @ApiOkResponse({ type: ChangeRequestDto })
  show(@Param('id') id: string): Promise<ChangeRequestDto> {
    return this.queries.execute(new ShowChangeRequest(id));
  }
}
