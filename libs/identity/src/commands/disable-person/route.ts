import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { ReasonOnlyDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { CurrentSession } from '../../sessions/current-session.js';
import type { Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { DisablePerson } from './command.js';

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/disable')
export class DisablePersonRoute {
  constructor(
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'disablePerson',
    summary: 'Disable a person, for good',
    description: 'Ends their sessions at once.',
  })
  @ApiOkResponse({ type: Outcome })
  async disable(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Body() { reason }: ReasonOnlyDto,
  ): Promise<Outcome> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new DisablePerson(login, context));
  }
}
