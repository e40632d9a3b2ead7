import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiNoContentResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from '../../credentials/password-quality.js';
import { Public } from '../../sessions/public.js';
import { SetFirstPassword } from './command.js';

class SetFirstPasswordBody {
  @ApiProperty({ maxLength: 100 })
  @IsString()
  @Length(1, 100)
  login!: string;

  @ApiProperty({ description: 'The one-time secret that enrolment gave', maxLength: 200 })
  @IsString()
  @Length(1, 200)
  secret!: string;

  @ApiProperty({ format: 'password', minLength: SHORTEST_PASSWORD, maxLength: LONGEST_PASSWORD })
  @IsString()
  @Length(1, 1_000)
  password!: string;
}

@ApiTags('sessions')
@Controller('v1/passwords')
export class SetFirstPasswordRoute {
  constructor(private readonly commands: CommandBus) {}

  @Public()
  @Post()
  @HttpCode(204)
  @ApiOperation({
    operationId: 'setFirstPassword',
    summary: 'Set the first password with the enrolment secret',
  })
  @ApiNoContentResponse()
  async set(@Body() { login, secret, password }: SetFirstPasswordBody): Promise<void> {
    await this.commands.execute(new SetFirstPassword(login, secret, password));
  }
}
