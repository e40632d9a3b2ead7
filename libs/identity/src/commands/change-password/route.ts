import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from '../../credentials/password-quality.js';
import { Public } from '../../sessions/public.js';
import { SignInBody } from '../sign-in.dto.js';
import { SignedInDto } from '../sign-in/route.js';
import { ChangePassword } from './command.js';
import { OwnCredentials } from '../../sessions/own-credentials.js';

class ChangePasswordBody extends SignInBody {
  @ApiProperty({
    description: 'In place of `password`',
    format: 'password',
    minLength: SHORTEST_PASSWORD,
    maxLength: LONGEST_PASSWORD,
  })
  @IsString()
  @Length(1, 1_000)
  newPassword!: string;
}

@ApiTags('sessions')
@OwnCredentials()
@Controller('v1/passwords/change')
export class ChangePasswordRoute {
  constructor(private readonly commands: CommandBus) {}

  @Public()
  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'changePassword',
    summary: 'Change your password',
    description: 'Ends all your sessions, and opens a new one.',
  })
  @ApiOkResponse({ type: SignedInDto })
  async change(@Body() { login, newPassword, ...given }: ChangePasswordBody): Promise<SignedInDto> {
    return this.commands.execute(new ChangePassword(login, given, newPassword));
  }
}
