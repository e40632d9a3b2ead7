import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import type { Clock } from '#kernel';
import { CLOCK } from '#platform/tokens';
import { CurrentSession } from '../../sessions/current-session.js';
import { OwnCredentials } from '../../sessions/own-credentials.js';
import { HandOverCodes } from '../../sessions/hand-over-codes.js';
import type { Session } from '../../sessions/session.js';

class SessionCodeBody {
  @ApiProperty({
    description: 'Base64url of the SHA-256 of the verifier that the command line keeps (RFC 7636, S256)',
    pattern: '^[A-Za-z0-9_-]{43}$',
  })
  @Matches(/^[A-Za-z0-9_-]{43}$/, { message: 'must be a SHA-256 in base64url' })
  challenge!: string;
}

class SessionCodeDto {
  @ApiProperty({ description: 'For the command line alone; good for a minute' })
  readonly code!: string;
}

/** Changes nothing: it is the session that the browser has. */
@ApiTags('sessions')
@ApiBearerAuth()
@OwnCredentials()
@Controller('v1/sessions/current/hand-over')
export class HandOverRoute {
  constructor(
    private readonly codes: HandOverCodes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'handOverSession',
    summary: 'A code with which the command line that asked for it goes on in this session',
  })
  @ApiOkResponse({ type: SessionCodeDto })
  handOver(
    @CurrentSession() { id, person }: Session,
    @Body() { challenge }: SessionCodeBody,
  ): SessionCodeDto {
    return { code: this.codes.make({ person: person.id, session: id, challenge }, this.clock.now()) };
  }
}
