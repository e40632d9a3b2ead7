import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PasswordCheck } from '../../credentials/password-check.js';
import { People } from '../../people.js';
import { KeyChallengeDto } from '../../security-keys/key-challenge.dto.js';
import { SecurityKeys } from '../../security-keys/security-keys.js';
import { Public } from '../../sessions/public.js';
import { asRefusal } from '../../sessions/sign-in-refusal.js';
import { ChallengeSignInBody } from '../sign-in.dto.js';

/** Changes nothing but the count of wrong passwords. Only who knows the password is told which keys there are. */
@ApiTags('sessions')
@Controller('v1/sessions/security-key-challenges')
export class ChallengeSignInRoute {
  constructor(
    private readonly people: People,
    private readonly passwords: PasswordCheck,
    private readonly keys: SecurityKeys,
  ) {}

  @Public()
  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'challengeForSignIn',
    summary: 'What your security key has to answer, to sign in or to change the password',
    description: 'For `securityKey` of the body, in place of `code`; for 5 minutes, once.',
  })
  @ApiOkResponse({ type: KeyChallengeDto })
  async challenge(@Body() { login, password }: ChallengeSignInBody): Promise<KeyChallengeDto> {
    const who = (await this.people.idOf(login)) ?? { unknown: login };
    try {
      return await this.passwords.whenPasswordRight(who, password, (id, person) =>
        this.keys.ask({ for: 'sign-in', person: id }, null, person),
      );
    } catch (error) {
      throw asRefusal(error);
    }
  }
}
