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
import { RemoveSingleSignOn } from './command.js';

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/single-sign-on/remove')
export class RemoveSingleSignOnRoute {
  constructor(
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'removeSingleSignOn',
    summary: 'Take single sign-on from a person, at once',
    description: 'Their sessions end. They sign in with their password.',
  })
  @ApiOkResponse({ type: Outcome })
  async remove(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Body() { reason }: ReasonOnlyDto,
  ): Promise<Outcome> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new RemoveSingleSignOn(login, context));
  }
}
