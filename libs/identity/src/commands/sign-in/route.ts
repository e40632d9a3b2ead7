import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { IsCode } from '../code.dto.js';
import { PersonDto } from '../../person.dto.js';
import { IsKeyAnswer, type KeyAnswerDto } from '../../security-keys/key-answer.dto.js';
import { Public } from '../../sessions/public.js';
import { SignIn, type SignedInAnswer } from './command.js';

class SignInBody {
  @ApiProperty({ maxLength: 100 })
  @IsString()
  @Length(1, 100)
  login!: string;

  @ApiProperty({ format: 'password', maxLength: 1_000 })
  @IsString()
  @Length(1, 1_000)
  password!: string;

  @IsCode()
  code?: string;

  @IsKeyAnswer()
  securityKey?: KeyAnswerDto;
}

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
