import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { HttpError } from '#platform/http/errors';
import { IsLeftOut } from '#platform/http/is-left-out';
import { IsRfc3339Time } from '#platform/http/is-time';
import { CLOCK } from '#platform/tokens';
import { faultOfCopy, PAPERS, type PaperKind } from '../../domain/record-copies.js';
import { NoteCopy } from './command.js';

const KINDS = [...PAPERS, 'bundle'] as const;
const ID = /^[A-Z]{2}-[0-9-]{1,20}$/;

/** As of a copy of the trail: nobody has to give one to read what they may read. */
const REASON = { code: 'copy-of-the-record', text: 'a copy of the record is being made' };

class NoteCopyDto {
  @ApiProperty({ enum: KINDS, description: 'A paper, as PDF, or a bundle of the sealed record' })
  @IsIn(KINDS)
  of!: PaperKind | 'bundle';

  @ApiPropertyOptional({
    pattern: ID.source,
    description: 'Of a change request or a review: which',
    example: 'CR-2026-0042',
  })
  @IsLeftOut()
  @Matches(ID, { message: 'must be the id of a change request or a review' })
  id?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Of minutes: since when' })
  @IsLeftOut()
  @IsRfc3339Time()
  from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Of minutes: before which time' })
  @IsLeftOut()
  @IsRfc3339Time()
  to?: string;
}

class NotedCopyDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Give it as ?atLeast= to a query that must show this',
  })
  cursor!: string | null;
}

@ApiTags('audit')
@ApiBearerAuth()
@Controller('v1/record-copies')
export class NoteCopyRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'noteCopy',
    summary: 'Say that a paper, or a bundle, is being made of the record, before its first byte is written',
    description:
      'The event is `RecordCopied`, as of a copy of the trail itself, which says so by being asked for.',
  })
  @ApiOkResponse({ type: NotedCopyDto })
  async note(
    @Body() { of, id, from, to }: NoteCopyDto,
    @CurrentSession() session: Session,
  ): Promise<NotedCopyDto> {
    const context = commandContext({ session, reason: REASON, clock: this.clock });
    const about = {
      ...(id === undefined ? {} : { id }),
      ...(from === undefined ? {} : { from: new Date(from).toISOString() }),
      ...(to === undefined ? {} : { to: new Date(to).toISOString() }),
    };
    const fault = faultOfCopy(of, about);
    if (fault !== undefined) throw new HttpError('invalid-request', `a copy of the kind "${of}" ${fault}`);
    const copied = of === 'bundle' ? ({ form: 'files', of } as const) : ({ form: 'pdf', of } as const);
    return this.commands.execute(new NoteCopy(copied, about, context));
  }
}
