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
import type { ConfirmedReset } from '../confirm-reset/command.js';
import { ConfirmAdminRecovery } from './command.js';

class ConfirmedRecoveryDto extends Outcome implements ConfirmedReset {
  @ApiProperty({ description: 'For the person alone: what follows the part that was given to who asked' })
  readonly secondPart!: string;

  @ApiProperty({ format: 'date-time' })
  readonly expiresAt!: string;
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/recovery/confirm')
export class ConfirmAdminRecoveryRoute {
  constructor(
    private readonly commands: CommandBus,
    private readonly reauthentication: Reauthentication,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'confirmAdminRecovery',
    summary: 'Bring an admin back, as the second one who says so',
    description:
      'Somebody else than who asked, with the role qa or approver in every ring, a day later at the earliest; refused when two admins have signed in meanwhile. Password, second component, sessions and own tokens of the person are void from then on, they are an admin, and have no role before they enrolled a second component.',
  })
  @ApiOkResponse({ type: ConfirmedRecoveryDto })
  async confirm(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Body() { reason, ...components }: ReauthenticationBody,
  ): Promise<ConfirmedRecoveryDto> {
    const proved = await this.reauthentication.forCredentials(session, components);
    const actor = personActor(session, proved);
    const context = commandContext({ session: { actor }, reason, clock: this.clock });
    return this.commands.execute(new ConfirmAdminRecovery(login, context));
  }
}
