import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { WatchOutcomeDto } from '../outcome.dto.js';
import { SNAP_NAME, SNAP_NAME_RULE } from '../snap-name.js';
import { WatchSnap } from './command.js';

class WatchSnapDto {
  @ApiProperty({ example: 'core18' })
  @Matches(SNAP_NAME, { message: SNAP_NAME_RULE })
  snap!: string;

  @IsReason()
  reason!: ReasonDto;
}

@ApiTags('upstream')
@ApiBearerAuth()
@Controller('v1/watched-snaps')
export class WatchSnapRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ operationId: 'watchSnap', summary: 'Put a snap on the watch list' })
  @ApiOkResponse({ type: WatchOutcomeDto })
  async watch(@Body() { snap, reason }: WatchSnapDto, @CurrentSession() session: Session) {
    const context = commandContext({ session, reason, clock: this.clock });
    const cursor = await this.commands.execute(new WatchSnap(snap, context));
    return { snap, cursor } satisfies WatchOutcomeDto;
  }
}
