import { Body, Controller, Delete, Inject, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { ReasonOnlyDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { WatchOutcomeDto } from '../outcome.dto.js';
import { UnwatchSnap } from './command.js';

@ApiTags('upstream')
@ApiBearerAuth()
@Controller('v1/watched-snaps')
export class UnwatchSnapRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Delete(':snap')
  @ApiOperation({ operationId: 'unwatchSnap', summary: 'Take a snap off the watch list' })
  @ApiOkResponse({ type: WatchOutcomeDto })
  async unwatch(
    @Param('snap') snap: string,
    @Body() { reason }: ReasonOnlyDto,
    @CurrentSession() session: Session,
  ) {
    const context = commandContext({ session, reason, clock: this.clock });
    const cursor = await this.commands.execute(new UnwatchSnap(snap, context));
    return { snap, cursor } satisfies WatchOutcomeDto;
  }
}
