import { Body, Controller, Delete, Inject, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { HttpError } from '#platform/http/errors';
import { ReasonOnlyDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { isRole, ROLES } from '../../domain/roles.js';
import { CurrentSession } from '../../sessions/current-session.js';
import type { Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { AreRings } from '../role-rings.dto.js';
import { RevokeRole } from './command.js';

class RevokeRoleBody extends ReasonOnlyDto {
  @AreRings('In these rings alone; without: wherever it is held')
  rings?: string[];
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/roles/:role')
export class RevokeRoleRoute {
  constructor(
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Delete()
  @ApiOperation({ operationId: 'revokeRole', summary: 'Revoke a role' })
  @ApiParam({ name: 'role', enum: ROLES })
  @ApiOkResponse({ type: Outcome })
  async revoke(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Param('role') role: string,
    @Body() { rings, reason }: RevokeRoleBody,
  ): Promise<Outcome> {
    if (!isRole(role)) throw new HttpError('invalid-request', `there is no role ${role}`);
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new RevokeRole(login, role, rings ?? null, context));
  }
}
