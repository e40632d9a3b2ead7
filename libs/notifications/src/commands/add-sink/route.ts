import { Body, Controller, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsIn, IsString, Matches, MaxLength } from 'class-validator';
import { IsLeftOut } from '#platform/http/is-left-out';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { SINK_NAME, SINK_NAME_RULE } from '../../domain/sinks/sinks.js';
import type { Target } from '../../domain/sinks/target.js';
import { filterOf, GIVE_UP_AFTER_HOURS, GivenSinkDto, targetIn } from '../../given-sink.dto.js';
import { KINDS, shownSink, SinkOutcomeDto } from '../../sink.dto.js';
import { POSITION, POSITION_RULE } from '../require-position.js';
import { AddSink } from './command.js';

class AddSinkDto extends GivenSinkDto {
  @ApiProperty({ example: 'operations' })
  @Matches(SINK_NAME, { message: SINK_NAME_RULE })
  name!: string;

  @ApiProperty({ enum: KINDS })
  @IsIn(KINDS)
  kind!: Target['kind'];

  @ApiProperty({
    example: 'https://ops.example/hooks/holdfast',
    description: 'https://…, smtps://host, smtp://host, syslog+tls://host; in clear on this machine only',
  })
  @IsString()
  @MaxLength(2_000)
  address!: string;

  @ApiPropertyOptional({
    type: String,
    example: '0',
    description: 'The position of the first event that it is told of; left out: what comes after',
  })
  @IsLeftOut()
  @Matches(POSITION, { message: POSITION_RULE })
  fromPosition?: string;

  @IsReason()
  reason!: ReasonDto;
}

@ApiTags('sinks')
@ApiBearerAuth()
@Controller('v1/sinks')
export class AddSinkRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @ApiOperation({ operationId: 'addSink', summary: 'Say where events go from now on, or from a position on' })
  @ApiCreatedResponse({ type: SinkOutcomeDto })
  async add(@Body() body: AddSinkDto, @CurrentSession() session: Session): Promise<SinkOutcomeDto> {
    const { name, kind, address, fromPosition = null, giveUpAfterHours = GIVE_UP_AFTER_HOURS, reason } = body;
    const context = commandContext({ session, reason, clock: this.clock });
    const filter = filterOf(body) ?? { about: [], types: [] };
    const target = { kind, address, ...targetIn(body) };
    const { credentials = null } = body;
    const given = { target, filter, credentials, giveUpAfterHours, from: fromPosition };
    const { sink, secret, cursor } = await this.commands.execute(new AddSink(name, given, context));
    return { sink: shownSink(sink), secret, cursor };
  }
}
