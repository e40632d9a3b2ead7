import { Controller, Delete, HttpCode, Inject } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { CLOCK } from '#platform/tokens';
import { CurrentSession } from '../../sessions/current-session.js';
import { OwnCredentials } from '../../sessions/own-credentials.js';
import type { Session } from '../../sessions/session.js';
import { SignOut } from './command.js';

@ApiTags('sessions')
@ApiBearerAuth()
@OwnCredentials()
@Controller('v1/sessions/current')
export class SignOutRoute {
  constructor(
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Delete()
  @HttpCode(204)
  @ApiOperation({ operationId: 'signOut', summary: 'Sign out' })
  @ApiNoContentResponse()
  async signOut(@CurrentSession() session: Session): Promise<void> {
    // Whoever signs out has said why by doing so.
    const reason = { code: 'sign-out', text: 'ended the session' };
    const context = commandContext({ session, reason, clock: this.clock });
    await this.commands.execute(new SignOut(session.person.id, session.id, context));
  }
}
