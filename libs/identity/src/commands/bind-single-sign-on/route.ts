import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { CLOCK } from '#platform/tokens';
import { Reauthentication } from '../../credentials/reauthentication.js';
import { CurrentSession } from '../../sessions/current-session.js';
import { OwnCredentials } from '../../sessions/own-credentials.js';
import { personActor, type Session } from '../../sessions/session.js';
import { IsNeededSignOnProof } from '../../single-sign-on/sign-on-proof.dto.js';
import { Outcome } from '../outcome.js';
import { ReauthenticationBody } from '../reauthentication.dto.js';
import { BindSingleSignOn } from './command.js';

class BindSingleSignOnBody extends ReauthenticationBody {
  @IsNeededSignOnProof()
  singleSignOn!: string;
}

@ApiTags('single sign-on')
@ApiBearerAuth()
@OwnCredentials()
@Controller('v1/me/single-sign-on')
export class BindSingleSignOnRoute {
  constructor(
    private readonly commands: CommandBus,
    private readonly reauthentication: Reauthentication,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'acceptSingleSignOn',
    summary: 'Accept that you sign in with single sign-on',
    description:
      'As an admin asked. Takes all your components, and that you signed in there just now. Your other sessions end.',
  })
  @ApiOkResponse({ type: Outcome })
  async bind(
    @CurrentSession() session: Session,
    @Body() { reason, singleSignOn, ...components }: BindSingleSignOnBody,
  ): Promise<Outcome> {
    const proved = await this.reauthentication.forCredentials(session, components);
    const actor = personActor(session, proved);
    const context = commandContext({ session: { actor }, reason, clock: this.clock });
    return this.commands.execute(new BindSingleSignOn(session, singleSignOn, context));
  }
}
