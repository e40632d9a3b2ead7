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
import type { AuthenticatorTransport } from '@simplewebauthn/server';
import { ArrayMaxSize, ArrayUnique, IsArray, IsOptional, Matches } from 'class-validator';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { CLOCK } from '#platform/tokens';
import { IsBytes } from '../../security-keys/key-answer.dto.js';
import { CurrentSession } from '../../sessions/current-session.js';
import { OwnCredentials } from '../../sessions/own-credentials.js';
import type { Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { EnrolSecurityKey, type EnrolledKey } from './command.js';

class NewKeyBody {
  @IsBytes(1_400, 'The id that the key chose for itself')
  credentialId!: string;

  @IsBytes(2_000, 'As the browser hands it over')
  clientDataJSON!: string;

  @IsBytes(20_000, 'As the browser hands it over')
  attestationObject!: string;

  @ApiPropertyOptional({ type: [String], description: 'How the key is reached', example: ['usb', 'nfc'] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @ArrayUnique()
  @Matches(/^[a-z-]{2,20}$/, { each: true, message: 'must be words such as usb' })
  transports?: string[];
}

class EnrolledKeyDto extends Outcome implements EnrolledKey {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;
}

@ApiTags('second component')
@ApiBearerAuth()
@OwnCredentials()
@Controller('v1/me/security-keys/confirm')
export class EnrolSecurityKeyRoute {
  constructor(
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'confirmSecurityKey',
    summary: 'Enrol a security key with its answer',
    description: 'Beside those that there are. Your other sessions end.',
  })
  @ApiOkResponse({ type: EnrolledKeyDto })
  async confirm(@CurrentSession() session: Session, @Body() body: NewKeyBody): Promise<EnrolledKeyDto> {
    const { credentialId: id, clientDataJSON, attestationObject, transports = [] } = body;
    // Why was said with the request for the challenge.
    const reason = { code: 'security-key', text: 'confirmed the security key with its answer' };
    const context = commandContext({ session, reason, clock: this.clock });
    const response = {
      clientDataJSON,
      attestationObject,
      transports: transports as AuthenticatorTransport[],
    };
    const registration = {
      id,
      rawId: id,
      type: 'public-key',
      response,
      clientExtensionResults: {},
    } as const;
    return this.commands.execute(new EnrolSecurityKey(session, registration, context));
  }
}
