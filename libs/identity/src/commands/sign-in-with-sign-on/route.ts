import { Body, Controller, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../sessions/public.js';
import { SignOnBody } from '../sign-in.dto.js';
import { SignedInDto } from '../sign-in/route.js';
import { SignInWithSignOn } from './command.js';

@ApiTags('sessions')
@Controller('v1/sessions/single-sign-on')
export class SignInWithSignOnRoute {
  constructor(private readonly commands: CommandBus) {}

  @Public()
  @Post()
  @ApiOperation({
    operationId: 'signInWithSingleSignOn',
    summary: 'Sign in as who the identity provider made sure of',
    description: 'Of who has a second component it is asked for as with a password.',
  })
  @ApiCreatedResponse({ type: SignedInDto })
  async signIn(@Body() { singleSignOn, ...given }: SignOnBody): Promise<SignedInDto> {
    return this.commands.execute(new SignInWithSignOn(singleSignOn, given));
  }
}
