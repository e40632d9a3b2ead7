import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '#identity/published';
import { SignedMessageDto } from '../signed-message.dto.js';
import { EnrolNode, type Enrolment } from './command.js';

class NodeEnrolmentDto implements Enrolment {
  @ApiProperty({ example: 'dmz-1' })
  node!: string;

  @ApiProperty({ description: "The site's, which its policies must be of" })
  origin!: string;

  @ApiProperty({ description: 'What policies are signed with, as a C2SP vkey: to be pinned' })
  policyKey!: string;
}

@ApiTags('nodes')
@Controller('v1/node-enrolments')
export class EnrolNodeRoute {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @Public()
  @Post()
  @HttpCode(200)
  @ApiOperation({ operationId: 'enrolNode', summary: 'A proxy shows its one-time token and its own key' })
  @ApiBody({ type: SignedMessageDto })
  @ApiOkResponse({ type: NodeEnrolmentDto })
  enrol(@Body() body: unknown): Promise<NodeEnrolmentDto> {
    return this.commands.execute(new EnrolNode(body));
  }
}
