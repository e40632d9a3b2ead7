import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
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
import { ConfirmRole } from './command.js';

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/roles/:role/confirm')
export class ConfirmRoleRoute {
  constructor(
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'confirmRole',
    summary: 'Grant a role that signs, as the second admin who says so',
    description: 'Somebody else asked for it, a week ago at most.',
  })
  @ApiParam({ name: 'role', enum: ROLES })
  @ApiOkResponse({ type: Outcome })
  async confirm(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Param('role') role: string,
    @Body() { reason }: ReasonOnlyDto,
  ): Promise<Outcome> {
    if (!isRole(role)) throw new HttpError('invalid-request', `there is no role ${role}`);
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new ConfirmRole(login, role, context));
  }
}
