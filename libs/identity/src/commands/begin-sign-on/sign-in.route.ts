import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../sessions/public.js';
import { SignOns } from '../../single-sign-on/sign-ons.js';
import { BeginSignOnBody, BegunSignOnDto } from './begin-sign-on.dto.js';

/** Changes nothing: whoever asks is nobody yet. */
@ApiTags('sessions')
@Controller('v1/sessions/single-sign-on/requests')
export class BeginSignOnRoute {
  constructor(private readonly signOns: SignOns) {}

  @Public()
  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'beginSingleSignOn',
    summary: 'Where a browser signs in at the identity provider, to sign in here',
  })
  @ApiOkResponse({ type: BegunSignOnDto })
  async begin(@Body() { browser }: BeginSignOnBody): Promise<BegunSignOnDto> {
    return { address: await this.signOns.begin({ for: 'sign-in' }, browser) };
  }
}
