import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { People } from '../../people.js';
import { KeyChallengeDto } from '../../security-keys/key-challenge.dto.js';
import { SecurityKeys } from '../../security-keys/security-keys.js';
import { Public } from '../../sessions/public.js';
import { SignOnHolders } from '../../single-sign-on/sign-on-holders.js';
import { ChallengeSignOnBody } from '../sign-in.dto.js';

/** Changes nothing. Only whom the provider made sure of is told which keys there are. */
@ApiTags('sessions')
@Controller('v1/sessions/single-sign-on/security-key-challenges')
export class ChallengeSignOnRoute {
  constructor(
    private readonly holders: SignOnHolders,
    private readonly people: People,
    private readonly keys: SecurityKeys,
  ) {}

  @Public()
  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'challengeForSingleSignOn',
    summary: 'What your security key has to answer, to sign in beside single sign-on',
    description: 'For `securityKey` of the body, in place of `code`; for 5 minutes, once.',
  })
  @ApiOkResponse({ type: KeyChallengeDto })
  async challenge(@Body() { singleSignOn }: ChallengeSignOnBody): Promise<KeyChallengeDto> {
    const { id, signOn } = await this.holders.holding(singleSignOn);
    const found = await this.people.load(id);
    if (found.status !== 'active') throw this.holders.refused(signOn);
    return this.keys.ask({ for: 'sign-in', person: id }, null, found);
  }
}
