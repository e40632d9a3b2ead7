import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsBoolean, IsString, MaxLength } from 'class-validator';
import { IsLeftOut } from '#platform/http/is-left-out';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { filterOf, GivenSinkDto, targetIn } from '../../given-sink.dto.js';
import { shownSink, SinkOutcomeDto, SinkParam } from '../../sink.dto.js';
import { ChangeSink } from './command.js';

class ChangeSinkDto extends GivenSinkDto {
  @ApiPropertyOptional({ example: 'https://ops.example/hooks/holdfast' })
  @IsLeftOut()
  @IsString()
  @MaxLength(2_000)
  address?: string;

  @ApiPropertyOptional({
    description: 'Sign with another secret from now on, which is answered',
  })
  @IsLeftOut()
  @IsBoolean()
  newSecret?: boolean;

  @ApiPropertyOptional({ description: 'Of mail: the server asks for no credentials any more' })
  @IsLeftOut()
  @IsBoolean()
  noCredentials?: boolean;

  @IsReason()
  reason!: ReasonDto;
}

@ApiTags('sinks')
@ApiBearerAuth()
@Controller('v1/sinks/:name')
export class ChangeSinkRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'changeSink',
    summary: 'Change what is said of a sink; what is left out stays, and a filter is given whole',
  })
  @ApiOkResponse({ type: SinkOutcomeDto })
  async change(
    @Param() { name }: SinkParam,
    @Body() body: ChangeSinkDto,
    @CurrentSession() session: Session,
  ): Promise<SinkOutcomeDto> {
    const {
      address,
      newSecret = false,
      credentials = null,
      noCredentials = false,
      giveUpAfterHours,
      reason,
    } = body;
    const context = commandContext({ session, reason, clock: this.clock });
    const target = { ...targetIn(body), ...(address !== undefined && { address }) };
    const given = { target, filter: filterOf(body), giveUpAfterHours, newSecret, credentials, noCredentials };
    const { sink, secret, cursor } = await this.commands.execute(new ChangeSink(name, given, context));
    return { sink: shownSink(sink), secret, cursor };
  }
}
