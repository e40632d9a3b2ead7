import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { ReasonOnlyDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { OutcomeDto } from '../outcome.dto.js';
import { RecallChange } from './command.js';

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class RecallChangeRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post(':id/recall')
  @HttpCode(200)
  @ApiOperation({ operationId: 'recallChange', summary: 'Stop an approved change before it is in force' })
  @ApiOkResponse({ type: OutcomeDto })
  recall(
    @Param('id') id: string,
    @Body() body: ReasonOnlyDto,
    @CurrentSession() session: Session,
  ): Promise<OutcomeDto> {
    const context = commandContext({ session, reason: body.reason, clock: this.clock });
    return this.commands.execute(new RecallChange(id, context));
  }
}
