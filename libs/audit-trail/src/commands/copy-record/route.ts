import { Readable } from 'node:stream';
import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { FastifyReply } from 'fastify';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { CLOCK } from '#platform/tokens';
import { COPY_FORMS, type CopyForm } from '../../domain/record-copies.js';
import { AuditFilterDto } from '../../queries/audit-filter.dto.js';
import { CopyRecord } from './command.js';

const JSON_LINES = 'application/jsonl';

/** Nobody has to give one to read what they may read: that it was taken is what counts. */
const REASON = { code: 'copy-of-the-record', text: 'a copy of the record was asked for' };

class CopyDto extends AuditFilterDto {
  @ApiPropertyOptional({
    enum: COPY_FORMS,
    description:
      'What the client makes of it, for the event that says who took the copy; lines of JSON without',
  })
  @IsOptional()
  @IsIn(COPY_FORMS)
  as?: CopyForm;
}

@ApiTags('audit')
@ApiBearerAuth()
@Controller('v1/audit/export')
export class CopyRecordRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'exportEvents',
    summary: 'A copy of the record, whole or filtered, without a limit: a line of JSON for each event',
    description:
      'In the order in which it was written, up to what there is when it is asked for. The last line, `{"end":true,…}`, has the count of the others, the SHA-256 of every byte before it and, where nothing is filtered out, the root of the tree; without that line the copy is not whole. That it was taken is an event itself, `RecordCopied`, before the first line goes out.',
  })
  @ApiOkResponse({ content: { [JSON_LINES]: { schema: { type: 'string' } } } })
  async export(
    @Query() { as: form = 'jsonl', ...filter }: CopyDto,
    @CurrentSession() session: Session,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const context = commandContext({ session, reason: REASON, clock: this.clock });
    const lines = await this.commands.execute(new CopyRecord(filter, form, context));
    // As fast as it is taken: nothing is read ahead of whoever reads slowly.
    const body = Readable.from(lines, { objectMode: false, highWaterMark: 1 });
    await reply
      .type(JSON_LINES)
      .header('content-disposition', 'attachment; filename="trail.jsonl"')
      .send(body);
  }
}
