import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { ReasonOnlyDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { CurrentSession } from '../../sessions/current-session.js';
import type { Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { SigningRulesDto } from '../../signatures/signing-rules.dto.js';
import { CloseCommissioning, type Closed } from './command.js';

class ClosedDto extends Outcome implements Closed {
  @ApiProperty({
    description:
      'What the site asks of those who sign: `optional`: who has no second component signs with login and password',
  })
  readonly rules!: SigningRulesDto;
}

@ApiTags('site')
@ApiBearerAuth()
@Controller('v1/commissioning/close')
export class CloseCommissioningRoute {
  constructor(
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'closeCommissioning',
    summary: 'Close commissioning, for good',
    description: 'From then on, what the first admin does is no longer marked as done in commissioning.',
  })
  @ApiOkResponse({ type: ClosedDto })
  async close(@CurrentSession() session: Session, @Body() { reason }: ReasonOnlyDto): Promise<Closed> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new CloseCommissioning(context));
  }
}
