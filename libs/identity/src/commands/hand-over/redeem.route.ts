import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import type { Clock } from '#kernel';
import { CLOCK } from '#platform/tokens';
import { warnedToChangeBy } from '../../domain/person/password-age.js';
import { requireSession } from '../../domain/person/require-session.js';
import { CREDENTIAL_RULES, type ReadCredentialRules } from '../../credentials/credential-rules.js';
import { People } from '../../people.js';
import { HandOverCodes } from '../../sessions/hand-over-codes.js';
import { Public } from '../../sessions/public.js';
import { SessionTokens } from '../../sessions/session-token.js';
import { SignedInDto } from '../sign-in/route.js';

class RedeemBody {
  @ApiProperty({ maxLength: 1_000 })
  @IsString()
  @Length(1, 1_000)
  code!: string;

  @ApiProperty({ description: 'RFC 7636', minLength: 43, maxLength: 128 })
  @IsString()
  @Length(43, 128)
  verifier!: string;
}

/** Changes nothing: that the session was opened, and how, is in the history already. */
@ApiTags('sessions')
@Controller('v1/sessions/handed-over')
export class RedeemHandOverRoute {
  constructor(
    private readonly codes: HandOverCodes,
    private readonly tokens: SessionTokens,
    private readonly people: People,
    @Inject(CREDENTIAL_RULES) private readonly rules: ReadCredentialRules,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Public()
  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'redeemHandOver',
    summary: 'Go on in a session that was opened in a browser',
  })
  @ApiOkResponse({ type: SignedInDto })
  async redeem(@Body() { code, verifier }: RedeemBody): Promise<SignedInDto> {
    const now = this.clock.now();
    const named = this.codes.open(code, verifier, now);
    const { person, expiresAt } = requireSession(await this.people.load(named.person), named.session, now);
    const { login, name, roles } = person;
    const { passwordDays } = await this.rules();
    return {
      token: this.tokens.seal(named),
      person: { id: named.person, login, name, roles },
      expiresAt,
      changePasswordBy: warnedToChangeBy(person, passwordDays, now),
    };
  }
}
