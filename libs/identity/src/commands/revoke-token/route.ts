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
import { RevokeToken } from './command.js';

@ApiTags('tokens')
@ApiBearerAuth()
@Controller('v1/tokens/:id/revoke')
export class RevokeTokenRoute {
  constructor(
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'revokeToken',
    summary: 'Revoke a token, for good',
    description:
      'By its owner or an admin. It is refused from then on; a token revoked already is left as it is.',
  })
  @ApiOkResponse({ type: Outcome })
  async revoke(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body() { reason }: ReasonOnlyDto,
  ): Promise<Outcome> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new RevokeToken(id, context));
  }
}
