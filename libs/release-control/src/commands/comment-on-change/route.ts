import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { CLOCK } from '#platform/tokens';
import { OutcomeDto } from '../outcome.dto.js';
import { CommentOnChange } from './command.js';

class CommentDto {
  @ApiProperty({ minLength: 1, maxLength: 2_000 })
  @IsString()
  @Length(1, 2_000)
  text!: string;
}

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class CommentOnChangeRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A comment says why by what it says. */
  @Post(':id/comments')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'commentOnChange',
    summary: 'Say something about a request: it stays in the record, and is never edited',
  })
  @ApiOkResponse({ type: OutcomeDto })
  comment(
    @Param('id') id: string,
    @Body() { text }: CommentDto,
    @CurrentSession() session: Session,
  ): Promise<OutcomeDto> {
    const reason = { code: 'comment', text: 'what is said stands in the comment itself' };
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new CommentOnChange(id, text, context));
  }
}
