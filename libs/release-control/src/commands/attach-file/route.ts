import type { Readable } from 'node:stream';
import { Body, Controller, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsOptional, IsString, Length, Matches } from 'class-validator';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { FILE_MEDIA_TYPE, TakesFile } from '#platform/http/file-body';
import { CLOCK } from '#platform/tokens';
import { OutcomeDto } from '../outcome.dto.js';
import { AttachFile, type Attached } from './command.js';

/** The body is the file, so what is said of it stands in the address. */
class AttachFileQuery {
  @ApiProperty({ example: 'test-report.pdf', minLength: 1, maxLength: 200 })
  @IsString()
  @Length(1, 400)
  name!: string;

  @ApiPropertyOptional({ example: 'application/pdf', default: FILE_MEDIA_TYPE })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  mediaType?: string;

  @ApiPropertyOptional({
    description: 'Refuse the file unless this is its SHA-256. Needed with an Idempotency-Key',
    pattern: '^[0-9a-f]{64}$',
  })
  @IsOptional()
  @Matches(/^[0-9a-f]{64}$/, { message: 'must be a SHA-256: 64 small hex digits' })
  sha256?: string;

  @ApiProperty({ description: 'Why: its kind, a word that the site chooses', example: 'test-report' })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9-]{1,39}$/, { message: 'must be a word of small letters, digits and "-"' })
  reasonCode?: string;

  @ApiProperty({ description: 'Why, in the person’s own words', minLength: 10, maxLength: 2_000 })
  @IsOptional()
  @IsString()
  @Length(0, 2_000)
  reason?: string;
}

class AttachedDto extends OutcomeDto implements Attached {
  @ApiProperty({ description: 'Of what was taken, hex' })
  sha256!: string;

  @ApiProperty({ description: 'Bytes' })
  size!: number;
}

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class AttachFileRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @TakesFile()
  @Post(':id/attachments')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'attachFile',
    summary: 'Add a file to a request: of a draft it is signed with it, later it is a comment; never removed',
  })
  @ApiConsumes(FILE_MEDIA_TYPE)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiOkResponse({ type: AttachedDto })
  attach(
    @Param('id') id: string,
    @Query() { name, mediaType = FILE_MEDIA_TYPE, sha256, reasonCode = '', reason = '' }: AttachFileQuery,
    @Body() content: Readable,
    @CurrentSession() session: Session,
  ): Promise<AttachedDto> {
    const why = { code: reasonCode, text: reason.trim() };
    const context = commandContext({ session, reason: why, clock: this.clock });
    return this.commands.execute(new AttachFile(id, { name, mediaType, sha256, content }, context));
  }
}
