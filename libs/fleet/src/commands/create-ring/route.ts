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
import { IsOptional, Matches } from 'class-validator';
import type { Clock } from '#kernel';
import type { Cursor } from '#event-store/port';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { RING_NAME, RING_NAME_RULE } from '../../domain/rings/rings.js';
import { CreateRing } from './command.js';

class CreateRingDto {
  @ApiProperty({ example: 'pilot' })
  @Matches(RING_NAME, { message: RING_NAME_RULE })
  name!: string;

  @ApiPropertyOptional({ description: 'The ring that comes after it; left out: it is the last' })
  @IsOptional()
  @Matches(RING_NAME, { message: RING_NAME_RULE })
  before?: string;

  @IsReason()
  reason!: ReasonDto;
}

class CreatedRingDto {
  @ApiProperty({ type: [String], description: 'All of them, in their order' })
  rings!: readonly string[];

  @ApiProperty({ type: String, nullable: true })
  cursor!: Cursor | null;
}

@ApiTags('rings')
@ApiBearerAuth()
@Controller('v1/rings')
export class CreateRingRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'createRing',
    summary: 'Make a ring: devices of a policy of their own, which begins open and holds nothing',
  })
  @ApiCreatedResponse({ type: CreatedRingDto })
  create(
    @Body() { name, before, reason }: CreateRingDto,
    @CurrentSession() session: Session,
  ): Promise<CreatedRingDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new CreateRing(name, before, context));
  }
}
