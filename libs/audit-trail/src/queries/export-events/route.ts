import { Readable } from 'node:stream';
import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AuditFilterDto } from '../audit-filter.dto.js';
import { ExportEvents } from './query.js';

const JSON_LINES = 'application/jsonl';

@ApiTags('audit')
@ApiBearerAuth()
@Controller('v1/audit/export')
export class ExportEventsRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    operationId: 'exportEvents',
    summary: 'A copy of the record, whole or filtered, without a limit: a line of JSON for each event',
    description:
      'In the order in which it was written, up to what there is when it is asked for. The last line, `{"end":true,…}`, has the count of the others, the SHA-256 of every byte before it and, where nothing is filtered out, the root of the tree; without that line the copy is not whole.',
  })
  @ApiOkResponse({ content: { [JSON_LINES]: { schema: { type: 'string' } } } })
  async export(@Query() filter: AuditFilterDto, @Res() reply: FastifyReply): Promise<void> {
    const lines = await this.queries.execute(new ExportEvents(filter));
    // As fast as it is taken: nothing is read ahead of whoever reads slowly.
    const body = Readable.from(lines, { objectMode: false, highWaterMark: 1 });
    await reply
      .type(JSON_LINES)
      .header('content-disposition', 'attachment; filename="trail.jsonl"')
      .send(body);
  }
}
