import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { CLOCK } from '#platform/tokens';
import type { SignOnIdentity } from '../../domain/person/single-sign-on-events.js';
import { isOver } from '../../domain/person/requests.js';
import { requireSession } from '../../domain/person/require-session.js';
import { People } from '../../people.js';
import { CurrentSession } from '../../sessions/current-session.js';
import { OwnCredentials } from '../../sessions/own-credentials.js';
import type { Session } from '../../sessions/session.js';

class SignOnIdentityDto implements SignOnIdentity {
  @ApiProperty()
  readonly issuer!: string;

  @ApiProperty({ description: 'The claim that names the person', example: 'sub' })
  readonly claim!: string;

  @ApiProperty()
  readonly subject!: string;
}

class OwnSignOnDto {
  @ApiProperty({ type: SignOnIdentityDto, nullable: true, description: 'As whom you sign in' })
  readonly bound!: SignOnIdentity | null;

  @ApiProperty({
    type: SignOnIdentityDto,
    nullable: true,
    description: 'As whom an admin asks you to sign in: it waits for you to accept it',
  })
  readonly requested!: SignOnIdentity | null;
}

/** From the person's stream: what was just asked for is here. */
@ApiTags('single sign-on')
@ApiBearerAuth()
@OwnCredentials()
@Controller('v1/me/single-sign-on')
export class ShowSingleSignOnRoute {
  constructor(
    private readonly people: People,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'showSingleSignOn', summary: 'Your single sign-on' })
  @ApiOkResponse({ type: OwnSignOnDto })
  async show(@CurrentSession() { id, person: { id: self } }: Session): Promise<OwnSignOnDto> {
    const now = this.clock.now();
    const { person } = requireSession(await this.people.load(self), id, now);
    const { singleSignOn, requestedSignOn } = person;
    const waits = requestedSignOn !== null && !isOver(requestedSignOn.expiresAt, now);
    return { bound: named(singleSignOn), requested: waits ? named(requestedSignOn) : null };
  }
}

function named(identity: SignOnIdentity | null): SignOnIdentity | null {
  if (identity === null) return null;
  const { issuer, claim, subject } = identity;
  return { issuer, claim, subject };
}
