import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { CLOCK } from '#platform/tokens';
import { Reauthentication } from '../../credentials/reauthentication.js';
import { CurrentSession } from '../../sessions/current-session.js';
import { OwnCredentials } from '../../sessions/own-credentials.js';
import { personActor, type Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { ReauthenticationBody } from '../reauthentication.dto.js';
import { RemoveSecurityKey } from './command.js';

@ApiTags('second component')
@ApiBearerAuth()
@OwnCredentials()
@Controller('v1/me/security-keys/:id/remove')
export class RemoveSecurityKeyRoute {
  constructor(
    private readonly commands: CommandBus,
    private readonly reauthentication: Reauthentication,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'removeSecurityKey',
    summary: 'Remove a security key of yours',
    description:
      'Takes both components; another key, or a code, is one. Your other sessions end. Of who lost the only one, two others reset all.',
  })
  @ApiOkResponse({ type: Outcome })
  async remove(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body() { reason, ...components }: ReauthenticationBody,
  ): Promise<Outcome> {
    const proved = await this.reauthentication.forCredentials(session, components);
    const actor = personActor(session, proved);
    const context = commandContext({ session: { actor }, reason, clock: this.clock });
    return this.commands.execute(new RemoveSecurityKey(session, id, context));
  }
}
