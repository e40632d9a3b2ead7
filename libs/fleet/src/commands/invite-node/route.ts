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
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import type { Clock } from '#kernel';
import type { Cursor } from '#event-store/port';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { MOST_KEY_DAYS, USUAL_KEY_DAYS } from '../../domain/node/key-days.js';
import { NODE_NAME, NODE_NAME_RULE } from '../../domain/node/node.js';
import { InviteNode } from './command.js';

class InviteNodeDto {
  @ApiProperty({ example: 'dmz-1' })
  @Matches(NODE_NAME, { message: NODE_NAME_RULE })
  name!: string;

  @ApiPropertyOptional({
    description: `How long its key is good, ${USUAL_KEY_DAYS} when it is not said; it makes a new one before that ends`,
    minimum: 1,
    maximum: MOST_KEY_DAYS,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_KEY_DAYS)
  keyDays?: number;

  @IsReason()
  reason!: ReasonDto;
}

class NodeInvitationDto {
  @ApiProperty()
  node!: string;

  @ApiProperty({ description: 'With it the proxy enrols, once. It is shown here and never again' })
  token!: string;

  @ApiProperty()
  expiresAt!: string;

  @ApiProperty({ type: String, nullable: true })
  cursor!: Cursor | null;
}

@ApiTags('nodes')
@ApiBearerAuth()
@Controller('v1/nodes')
export class InviteNodeRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @ApiOperation({ operationId: 'inviteNode', summary: 'Let a proxy enrol under this name' })
  @ApiCreatedResponse({ type: NodeInvitationDto })
  async invite(@Body() { name, keyDays, reason }: InviteNodeDto, @CurrentSession() session: Session) {
    const context = commandContext({ session, reason, clock: this.clock });
    const { token, expiresAt, cursor } = await this.commands.execute(
      new InviteNode(name, keyDays ?? null, context),
    );
    return { node: name, token, expiresAt, cursor } satisfies NodeInvitationDto;
  }
}
