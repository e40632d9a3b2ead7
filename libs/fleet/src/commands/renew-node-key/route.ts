import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '#identity/published';
import { SignedMessageDto } from '../signed-message.dto.js';
import { RenewNodeKey, type KeyRenewed } from './command.js';

class KeyRenewedDto implements KeyRenewed {
  @ApiProperty({ type: String, nullable: true, format: 'date-time', description: 'When the new key ends' })
  keyExpiresAt!: string | null;
}

@ApiTags('nodes')
@Controller('v1/node-keys')
export class RenewNodeKeyRoute {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @Public()
  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'renewNodeKey',
    summary: 'A proxy shows its next key, signed with the one before',
  })
  @ApiBody({ type: SignedMessageDto })
  @ApiOkResponse({ type: KeyRenewedDto })
  renew(@Body() body: unknown): Promise<KeyRenewedDto> {
    return this.commands.execute(new RenewNodeKey(body));
  }
}
