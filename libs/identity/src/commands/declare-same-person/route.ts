import { Body, Controller, Delete, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { ReasonOnlyDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { CurrentSession } from '../../sessions/current-session.js';
import type { Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { DeclareSamePerson, type DeclaredSamePerson } from './command.js';

class DeclaredSamePersonDto extends Outcome implements DeclaredSamePerson {
  @ApiProperty({ description: 'False: it waits for a second person to confirm it, within a week' })
  readonly inForce!: boolean;
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/same-person/:other')
export class DeclareSamePersonRoute {
  constructor(
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'declareSamePerson',
    summary: "Ask for two accounts to be declared one person's",
    description:
      'Once a second person has confirmed it, whatever counts persons, or asks for another one, takes the two for one; also of what was signed before and is not in force yet.',
  })
  @ApiOkResponse({ type: DeclaredSamePersonDto })
  async declare(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Param('other') other: string,
    @Body() { reason }: ReasonOnlyDto,
  ): Promise<DeclaredSamePersonDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new DeclareSamePerson([login, other], false, context));
  }

  @Delete()
  @ApiOperation({
    operationId: 'revokeSamePerson',
    summary: "Ask for two accounts not to be declared one person's any more",
    description:
      'It was a mistake, as a second person has to confirm. What was declared stays in the history.',
  })
  @ApiOkResponse({ type: DeclaredSamePersonDto })
  async revoke(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Param('other') other: string,
    @Body() { reason }: ReasonOnlyDto,
  ): Promise<DeclaredSamePersonDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new DeclareSamePerson([login, other], true, context));
  }
}
