import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { ReasonOnlyDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { OutcomeDto } from '../outcome.dto.js';
import { CloseChange } from './command.js';

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class CloseChangeRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post(':id/close')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'closeChange',
    summary: 'Say that the record of a verified change is complete',
  })
  @ApiOkResponse({ type: OutcomeDto })
  close(
    @Param('id') id: string,
    @Body() body: ReasonOnlyDto,
    @CurrentSession() session: Session,
  ): Promise<OutcomeDto> {
    const context = commandContext({ session, reason: body.reason, clock: this.clock });
    return this.commands.execute(new CloseChange(id, context));
  }
}
