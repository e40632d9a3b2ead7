import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, Length } from 'class-validator';
import { IsRfc3339Time } from '#platform/http/is-time';
import { IsLeftOut } from '#platform/http/is-left-out';
import type { Clock } from '#kernel';
import type { Cursor } from '#event-store/port';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { EvaluateHold } from './command.js';

class EvaluateHoldDto {
  @ApiProperty({ example: 'production' })
  @IsString()
  @Length(1, 64)
  ring!: string;

  @ApiProperty({ example: 'core22' })
  @IsString()
  @Length(1, 40)
  snap!: string;

  @ApiPropertyOptional({ example: 'latest/stable', description: 'Left out: every channel that is held' })
  @IsLeftOut()
  @IsString()
  @Length(1, 200)
  channel?: string;

  @ApiProperty({
    type: [String],
    example: ['1044'],
    description:
      'What you saw that upstream has: for a snap its revision, of several architectures or channels each. Refused where upstream has something else by now',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  seen!: string[];

  @ApiProperty({ description: 'What is done about the risk of staying behind' })
  @IsString()
  @Length(10, 2_000)
  mitigation!: string;

  @ApiProperty({ format: 'date-time', description: 'Until when it may stay; within 366 days' })
  @IsRfc3339Time({ orDay: true })
  until!: string;

  @IsReason()
  reason!: ReasonDto;
}

class HoldEvaluationOutcomeDto {
  @ApiProperty()
  readonly ring!: string;

  @ApiProperty()
  readonly snap!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly cursor!: Cursor | null;
}

@ApiTags('release policy')
@ApiBearerAuth()
@Controller('v1/holds/evaluations')
export class EvaluateHoldRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'evaluateHold',
    summary:
      'Say that a hold that is overdue for review stays until a date, why, and what is done about the risk',
  })
  @ApiOkResponse({ type: HoldEvaluationOutcomeDto })
  async evaluate(
    @Body() body: EvaluateHoldDto,
    @CurrentSession() session: Session,
  ): Promise<HoldEvaluationOutcomeDto> {
    const { ring, snap, channel, seen, mitigation, reason } = body;
    const until = new Date(body.until).toISOString();
    const context = commandContext({ session, reason, clock: this.clock });
    const command = new EvaluateHold({ ring, snap, channel }, { seen, mitigation, until }, context);
    return { ring, snap, cursor: await this.commands.execute(command) };
  }
}
