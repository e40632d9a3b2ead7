import { Body, Controller, Delete, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import type { Clock } from '#kernel';
import type { Cursor } from '#event-store/port';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto, ReasonOnlyDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { SinkParam } from '../../sink.dto.js';
import { POSITION, POSITION_RULE } from '../require-position.js';
import { ReplaySink, SteerSink } from './command.js';

class ReplaySinkDto {
  @ApiProperty({ example: '812', description: 'The position of the first event that is sent once more' })
  @Matches(POSITION, { message: POSITION_RULE })
  from!: string;

  @IsReason()
  reason!: ReasonDto;
}

class SteeredSinkDto {
  @ApiProperty()
  name!: string;

  @ApiProperty({ type: String, nullable: true, description: 'null when it was so already' })
  cursor!: Cursor | null;
}

@ApiTags('sinks')
@ApiBearerAuth()
@Controller('v1/sinks/:name')
export class SteerSinkRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('pause')
  @HttpCode(200)
  @ApiOperation({ operationId: 'pauseSink', summary: 'Send nothing to a sink until it is resumed' })
  @ApiOkResponse({ type: SteeredSinkDto })
  pause(@Param() { name }: SinkParam, @Body() body: ReasonOnlyDto, @CurrentSession() session: Session) {
    return this.steer('PauseSink', name, body, session);
  }

  @Post('resume')
  @HttpCode(200)
  @ApiOperation({ operationId: 'resumeSink', summary: 'Go on where a sink was paused: nothing is left out' })
  @ApiOkResponse({ type: SteeredSinkDto })
  resume(@Param() { name }: SinkParam, @Body() body: ReasonOnlyDto, @CurrentSession() session: Session) {
    return this.steer('ResumeSink', name, body, session);
  }

  @Delete()
  @HttpCode(200)
  @ApiOperation({ operationId: 'removeSink', summary: 'Send nothing to a sink any more' })
  @ApiOkResponse({ type: SteeredSinkDto })
  remove(@Param() { name }: SinkParam, @Body() body: ReasonOnlyDto, @CurrentSession() session: Session) {
    return this.steer('RemoveSink', name, body, session);
  }

  @Post('replay')
  @HttpCode(200)
  @ApiOperation({ operationId: 'replaySink', summary: 'Send everything once more, from a position on' })
  @ApiOkResponse({ type: SteeredSinkDto })
  async replay(
    @Param() { name }: SinkParam,
    @Body() { from, reason }: ReplaySinkDto,
    @CurrentSession() session: Session,
  ): Promise<SteeredSinkDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return { name, cursor: await this.commands.execute(new ReplaySink(name, from, context)) };
  }

  private async steer(
    what: SteerSink['what'],
    name: string,
    { reason }: ReasonOnlyDto,
    session: Session,
  ): Promise<SteeredSinkDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return { name, cursor: await this.commands.execute(new SteerSink(what, name, context)) };
  }
}
