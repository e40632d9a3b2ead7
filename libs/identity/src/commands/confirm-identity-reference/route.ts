import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { CLOCK } from '#platform/tokens';
import { Reauthentication } from '../../credentials/reauthentication.js';
import { CurrentSession } from '../../sessions/current-session.js';
import { personActor, type Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { ReauthenticationBody } from '../reauthentication.dto.js';
import { ConfirmIdentityReference } from './command.js';

class ConfirmIdentityReferenceBody extends ReauthenticationBody {
  @ApiProperty({ description: 'The same, looked up by the second person too', maxLength: 100 })
  @IsString()
  @Length(1, 100)
  identityReference!: string;
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/identity-reference/confirm')
export class ConfirmIdentityReferenceRoute {
  constructor(
    private readonly commands: CommandBus,
    private readonly reauthentication: Reauthentication,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'confirmIdentityReference',
    summary: 'Say by what the site knows somebody, as the second one who says so',
    description: 'Another admin than who asked, or somebody with the role qa.',
  })
  @ApiOkResponse({ type: Outcome })
  async confirm(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Body() { reason, identityReference, ...components }: ConfirmIdentityReferenceBody,
  ): Promise<Outcome> {
    const proved = await this.reauthentication.forCredentials(session, components);
    const actor = personActor(session, proved);
    const context = commandContext({ session: { actor }, reason, clock: this.clock });
    return this.commands.execute(new ConfirmIdentityReference(login, identityReference, context));
  }
}
