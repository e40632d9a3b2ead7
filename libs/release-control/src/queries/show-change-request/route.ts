import { Controller, Get, Inject, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { GivenToken, requireRing, TakesTokens, type OpenToken } from '#identity/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { changeRequest, changeRequestStream } from '../../domain/change-request/change-request.js';
import { ChangeRequestDto } from './change-request.dto.js';
import { ShowChangeRequest } from './query.js';

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class ShowChangeRequestRoute {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  /** For tokens too: what they submitted is at this address. */
  @TakesTokens()
  @Get(':id')
  @ApiOperation({
    operationId: 'showChangeRequest',
    summary: 'A request with the record that a signature is bound to, and its history',
  })
  @ApiOkResponse({ type: ChangeRequestDto })
  async show(@Param('id') id: string, @GivenToken() token?: OpenToken): Promise<ChangeRequestDto> {
    const request = await this.queries.execute(new ShowChangeRequest(id));
    if (token) requireRing(token, request.ring);
    const shown = request.history.at(-1)?.id;
    // A read model that lags shows an older revision than the stream has: then none is named.
    if (shown !== undefined) await this.streams.showRevisionOf(changeRequest, changeRequestStream(id), shown);
    return request;
  }
}
