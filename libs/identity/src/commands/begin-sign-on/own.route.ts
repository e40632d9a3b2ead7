import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentSession } from '../../sessions/current-session.js';
import { OwnCredentials } from '../../sessions/own-credentials.js';
import type { Session } from '../../sessions/session.js';
import { SignOns } from '../../single-sign-on/sign-ons.js';
import { BeginOwnSignOnBody, BegunSignOnDto } from './begin-sign-on.dto.js';

/** Changes nothing: what comes of it counts once it is given for something. */
@ApiTags('single sign-on')
@ApiBearerAuth()
@OwnCredentials()
@Controller('v1/me/single-sign-on/requests')
export class BeginOwnSignOnRoute {
  constructor(private readonly signOns: SignOns) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'beginOwnSingleSignOn',
    summary: 'Where your browser signs in anew at the identity provider, to sign or to accept single sign-on',
  })
  @ApiOkResponse({ type: BegunSignOnDto })
  async begin(
    @CurrentSession() { id: session }: Session,
    @Body() { browser, for: purpose }: BeginOwnSignOnBody,
  ): Promise<BegunSignOnDto> {
    return { address: await this.signOns.begin({ for: purpose, session }, browser) };
  }
}
