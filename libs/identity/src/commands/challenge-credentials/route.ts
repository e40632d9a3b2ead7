import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Reauthentication } from '../../credentials/reauthentication.js';
import { KeyChallengeDto } from '../../security-keys/key-challenge.dto.js';
import { CurrentSession } from '../../sessions/current-session.js';
import { OwnCredentials } from '../../sessions/own-credentials.js';
import type { Session } from '../../sessions/session.js';

/** Changes nothing: a challenge is in the history once it was answered. */
@ApiTags('second component')
@ApiBearerAuth()
@OwnCredentials()
@Controller('v1/me/security-key-challenges')
export class ChallengeCredentialsRoute {
  constructor(private readonly reauthentication: Reauthentication) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'challengeForCredentials',
    summary: 'What your security key has to answer, for what concerns credentials',
    description: 'For `securityKey` of a body, in place of `code`; in this session, for 5 minutes, once.',
  })
  @ApiOkResponse({ type: KeyChallengeDto })
  async challenge(@CurrentSession() session: Session): Promise<KeyChallengeDto> {
    return this.reauthentication.challengeForCredentials(session);
  }
}
