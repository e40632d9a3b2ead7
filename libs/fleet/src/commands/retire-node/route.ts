import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import type { Clock } from '#kernel';
import type { Cursor } from '#event-store/port';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { ReasonOnlyDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { NODE_NAME, NODE_NAME_RULE } from '../../domain/node/node.js';
import { RetireNode } from './command.js';

class NodeParam {
  @ApiProperty({ example: 'dmz-1' })
  @Matches(NODE_NAME, { message: NODE_NAME_RULE })
  name!: string;
}

class NodeOutcomeDto {
  @ApiProperty()
  node!: string;

  @ApiProperty({ type: String, nullable: true })
  cursor!: Cursor | null;
}

@ApiTags('nodes')
@ApiBearerAuth()
@Controller('v1/nodes/:name/retire')
export class RetireNodeRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ operationId: 'retireNode', summary: 'Take nothing of a node any more' })
  @ApiOkResponse({ type: NodeOutcomeDto })
  async retire(
    @Param() { name }: NodeParam,
    @Body() { reason }: ReasonOnlyDto,
    @CurrentSession() session: Session,
  ) {
    const context = commandContext({ session, reason, clock: this.clock });
    const cursor = await this.commands.execute(new RetireNode(name, context));
    return { node: name, cursor } satisfies NodeOutcomeDto;
  }
}
