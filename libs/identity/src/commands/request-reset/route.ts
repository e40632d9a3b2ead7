import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { ReasonOnlyDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { CurrentSession } from '../../sessions/current-session.js';
import type { Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { RequestReset, type RequestedReset } from './command.js';

class RequestedResetDto extends Outcome implements RequestedReset {
  @ApiProperty({
    description:
      'For the person alone: of the secret, with the dot at its end. Who confirms is given the rest',
  })
  readonly firstPart!: string;
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/reset')
export class RequestResetRoute {
  constructor(
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'requestReset',
    summary: "Ask for a person's credentials to be reset",
    description: 'Nothing happens until a second person confirms it, within a week.',
  })
  @ApiCreatedResponse({ type: RequestedResetDto })
  async request(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Body() { reason }: ReasonOnlyDto,
  ): Promise<RequestedResetDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new RequestReset(login, context));
  }
}
