import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsOptional, IsString, Matches } from 'class-validator';
import type { Clock } from '#kernel';
import type { Cursor } from '#event-store/port';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { Halt } from './command.js';

class HaltBody {
  @ApiPropertyOptional({ example: 'lab-tool', description: 'Name or snap-id; left out: the whole ring' })
  @IsOptional()
  @IsString()
  @Matches(/^[A-Za-z0-9-]{1,40}$/, { message: 'must be the name of a snap, or a snap-id' })
  snap?: string;

  @IsReason()
  reason!: ReasonDto;
}

class HaltedSubjectDto {
  @ApiProperty()
  name!: string;

  @ApiProperty()
  snapId!: string;

  @ApiProperty({ description: 'false for an id that nothing here has to do with: it may be mistyped' })
  known!: boolean;
}

class HaltedDto {
  @ApiProperty()
  ring!: string;

  @ApiProperty({
    type: [HaltedSubjectDto],
    nullable: true,
    description: 'Each that goes, or went, by the name; null: all that is in the ring',
  })
  snaps!: readonly HaltedSubjectDto[] | null;

  @ApiProperty({ type: String, nullable: true })
  cursor!: Cursor | null;
}

@ApiTags('release policy')
@ApiBearerAuth()
@Controller('v1/rings')
export class HaltRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post(':ring/halt')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'halt',
    summary: 'Give nothing out in a ring, or no revision of a snap in it, until a change request resumes it',
  })
  @ApiOkResponse({ type: HaltedDto })
  halt(
    @Param('ring') ring: string,
    @Body() { snap, reason }: HaltBody,
    @CurrentSession() session: Session,
  ): Promise<HaltedDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new Halt(ring, snap, context));
  }
}
