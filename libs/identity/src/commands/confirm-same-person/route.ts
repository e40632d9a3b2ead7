import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { CLOCK } from '#platform/tokens';
import { Reauthentication } from '../../credentials/reauthentication.js';
import { CurrentSession } from '../../sessions/current-session.js';
import { personActor, type Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { ReauthenticationBody } from '../reauthentication.dto.js';
import { ConfirmSamePerson } from './command.js';

const SECOND =
  'Another admin than who asked, or somebody with the role qa; in no case whoever has the accounts.';

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/same-person/:other')
export class ConfirmSamePersonRoute {
  constructor(
    private readonly commands: CommandBus,
    private readonly reauthentication: Reauthentication,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('confirm')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'confirmSamePerson',
    summary: "Declare two accounts one person's, as the second one who says so",
    description: SECOND,
  })
  @ApiOkResponse({ type: Outcome })
  async confirm(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Param('other') other: string,
    @Body() body: ReauthenticationBody,
  ): Promise<Outcome> {
    return this.confirmed(session, body, [login, other], false);
  }

  @Post('confirm-revocation')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'confirmSamePersonRevocation',
    summary: "Take back that two accounts are one person's, as the second one who says so",
    description: SECOND,
  })
  @ApiOkResponse({ type: Outcome })
  async confirmRevocation(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Param('other') other: string,
    @Body() body: ReauthenticationBody,
  ): Promise<Outcome> {
    return this.confirmed(session, body, [login, other], true);
  }

  private async confirmed(
    session: Session,
    { reason, ...components }: ReauthenticationBody,
    logins: readonly [string, string],
    revoke: boolean,
  ): Promise<Outcome> {
    const proved = await this.reauthentication.forCredentials(session, components);
    const actor = personActor(session, proved);
    const context = commandContext({ session: { actor }, reason, clock: this.clock });
    return this.commands.execute(new ConfirmSamePerson(logins, revoke, context));
  }
}
