import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { PersonDto } from '../../person.dto.js';
import { Public } from '../../sessions/public.js';
import { SignInBody } from '../sign-in.dto.js';
import { SignIn } from './command.js';
import type { SignedInAnswer } from './open-session.js';

export class SignedInDto implements SignedInAnswer {
  @ApiProperty({
    description:
      'For `Authorization: Bearer …`; good until the session ends, and for nothing that takes a signature',
  })
  readonly token!: string;

  @ApiProperty({ type: PersonDto })
  readonly person!: PersonDto;

  @ApiProperty({ format: 'date-time' })
  readonly expiresAt!: string;

  @ApiProperty({
    description: 'When the password has to be changed; null while that is not soon, or never',
    type: String,
    format: 'date-time',
    nullable: true,
  })
  readonly changePasswordBy!: string | null;
}

@ApiTags('sessions')
@Controller('v1/sessions')
export class SignInRoute {
  constructor(private readonly commands: CommandBus) {}

  @Public()
  @Post()
  @ApiOperation({ operationId: 'signIn', summary: 'Sign in' })
  @ApiCreatedResponse({ type: SignedInDto })
  async signIn(@Body() { login, ...given }: SignInBody): Promise<SignedInDto> {
    return this.commands.execute(new SignIn(login, given));
  }
}
