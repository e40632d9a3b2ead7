import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, Matches } from 'class-validator';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { MOST_NAMED } from '../../domain/sync/sync.js';
import { SNAP_NAME, SNAP_NAME_RULE } from '../snap-name.js';
import { RequestSync, type RequestedSync } from './command.js';

class RequestSyncDto {
  @ApiPropertyOptional({ type: [String], description: 'Absent: all that are watched' })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_NAMED)
  @Matches(SNAP_NAME, { each: true, message: `each ${SNAP_NAME_RULE}` })
  snaps?: string[];

  @IsReason()
  reason!: ReasonDto;
}

class RequestedSyncDto implements RequestedSync {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Give it as ?atLeast= to a query that must show this',
  })
  cursor!: string | null;
}

@ApiTags('upstream')
@ApiBearerAuth()
@Controller('v1/syncs')
export class RequestSyncRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ operationId: 'requestSync', summary: 'Have watched snaps looked at upstream now' })
  @ApiAcceptedResponse({ type: RequestedSyncDto })
  request(
    @Body() { snaps, reason }: RequestSyncDto,
    @CurrentSession() session: Session,
  ): Promise<RequestedSyncDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    const distinct = snaps === undefined ? null : [...new Set(snaps)];
    return this.commands.execute(new RequestSync(distinct, context));
  }
}
