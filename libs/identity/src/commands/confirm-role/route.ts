import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { HttpError } from '#platform/http/errors';
import { CLOCK } from '#platform/tokens';
import { Reauthentication } from '../../credentials/reauthentication.js';
import { isRole, ROLES } from '../../domain/roles.js';
import { CurrentSession } from '../../sessions/current-session.js';
import { personActor, type Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { ReauthenticationBody } from '../reauthentication.dto.js';
import { AreRings } from '../role-rings.dto.js';
import { ConfirmRole } from './command.js';

class ConfirmRoleBody extends ReauthenticationBody {
  @AreRings('Those that it was asked for; without: for every ring')
  rings?: string[];
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/roles/:role/confirm')
export class ConfirmRoleRoute {
  constructor(
    private readonly commands: CommandBus,
    private readonly reauthentication: Reauthentication,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'confirmRole',
    summary: 'Grant a role that takes two people, as the second one who says so',
    description:
      'Another admin than who asked, a week ago at most; for the role admin somebody with the role qa as well. Not for who was enrolled by one admin alone: they are reset first.',
  })
  @ApiParam({ name: 'role', enum: ROLES })
  @ApiOkResponse({ type: Outcome })
  async confirm(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Param('role') role: string,
    @Body() { rings, reason, ...components }: ConfirmRoleBody,
  ): Promise<Outcome> {
    if (!isRole(role)) throw new HttpError('invalid-request', `there is no role ${role}`);
    const proved = await this.reauthentication.forCredentials(session, components);
    const actor = personActor(session, proved);
    const context = commandContext({ session: { actor }, reason, clock: this.clock });
    return this.commands.execute(new ConfirmRole(login, role, rings ?? null, context));
  }
}
