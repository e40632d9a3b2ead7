import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '#identity/published';
import { SignedMessageDto } from '../signed-message.dto.js';
import { TakeHeartbeat, type HeartbeatTaken } from './command.js';

class HeartbeatTakenDto implements HeartbeatTaken {
  @ApiProperty({ description: 'False for one that is not newer than the last' })
  taken!: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'What the next stamp must be above' })
  last!: string | null;

  @ApiProperty({ description: 'The end of its key is near: it is to show a new one' })
  renewKey!: boolean;
}

@ApiTags('nodes')
@Controller('v1/node-heartbeats')
export class TakeHeartbeatRoute {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @Public()
  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'takeHeartbeat',
    summary: 'A node says that it is there, signed with its key',
  })
  @ApiBody({ type: SignedMessageDto })
  @ApiOkResponse({ type: HeartbeatTakenDto })
  take(@Body() body: unknown): Promise<HeartbeatTakenDto> {
    return this.commands.execute(new TakeHeartbeat(body));
  }
}
