import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { CLOCK } from '#platform/tokens';
import { Reauthentication } from '../../credentials/reauthentication.js';
import { CurrentSession } from '../../sessions/current-session.js';
import { personActor, type Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { ReauthenticationBody } from '../reauthentication.dto.js';
import { ConfirmReset, type ConfirmedReset } from './command.js';

class ConfirmedResetDto extends Outcome implements ConfirmedReset {
  @ApiProperty({ description: 'For the person alone: what follows the part that was given to who asked' })
  readonly secondPart!: string;

  @ApiProperty({ format: 'date-time' })
  readonly expiresAt!: string;
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/reset/confirm')
export class ConfirmResetRoute {
  constructor(
    private readonly commands: CommandBus,
    private readonly reauthentication: Reauthentication,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'confirmReset',
    summary: 'Reset a person, as the second one who says so',
    description:
      'Another admin than who asked, or somebody with the role qa. Password, second component, sessions and own tokens are void from then on.',
  })
  @ApiOkResponse({ type: ConfirmedResetDto })
  async confirm(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Body() { reason, ...components }: ReauthenticationBody,
  ): Promise<ConfirmedResetDto> {
    const proved = await this.reauthentication.forCredentials(session, components);
    const actor = personActor(session, proved);
    const context = commandContext({ session: { actor }, reason, clock: this.clock });
    return this.commands.execute(new ConfirmReset(login, context));
  }
}
