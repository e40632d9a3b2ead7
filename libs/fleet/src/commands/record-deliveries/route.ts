import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '#identity/published';
import { SignedMessageDto } from '../signed-message.dto.js';
import { RecordDeliveries, type BatchTaken } from './command.js';

class BatchTakenDto implements BatchTaken {
  @ApiProperty()
  batch!: number;

  @ApiProperty({ description: "SHA-256 of its canonical bytes, hex: the next batch's `previous`" })
  digest!: string;

  @ApiProperty({ type: String, nullable: true, description: 'null when it had been recorded before' })
  cursor!: string | null;
}

@ApiTags('nodes')
@Controller('v1/node-deliveries')
export class RecordDeliveriesRoute {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @Public()
  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'recordDeliveries',
    summary: 'A node hands over what it has delivered, signed',
  })
  @ApiBody({ type: SignedMessageDto })
  @ApiOkResponse({ type: BatchTakenDto })
  record(@Body() body: unknown): Promise<BatchTakenDto> {
    return this.commands.execute(new RecordDeliveries(body));
  }
}
