import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { ROLES, type Role } from '../../domain/roles.js';
import { CurrentSession } from '../../sessions/current-session.js';
import type { Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { AreRings } from '../role-rings.dto.js';
import { GrantRole, type GrantedOrAsked } from './command.js';

class GrantRoleBody {
  @ApiProperty({ enum: ROLES })
  @IsIn(ROLES)
  role!: Role;

  @AreRings('For these rings alone, each of which there is; without: for every ring, also those to come')
  rings?: string[];

  @IsReason()
  reason!: ReasonDto;
}

class GrantedOrAskedDto extends Outcome implements GrantedOrAsked {
  @ApiProperty({ description: 'False: the role takes two people, and waits for a second one to confirm it' })
  readonly granted!: boolean;
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/roles')
export class GrantRoleRoute {
  constructor(
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ operationId: 'grantRole', summary: 'Grant a role, or ask for one that takes two people' })
  @ApiOkResponse({ type: GrantedOrAskedDto })
  async grant(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Body() { role, rings, reason }: GrantRoleBody,
  ): Promise<GrantedOrAskedDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new GrantRole(login, role, rings ?? null, context));
  }
}
