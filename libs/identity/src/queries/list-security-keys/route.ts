import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { CLOCK } from '#platform/tokens';
import { requireSession } from '../../domain/person/require-session.js';
import { People } from '../../people.js';
import { RELYING_PARTY, type RelyingParty } from '../../security-keys/relying-party.js';
import { CurrentSession } from '../../sessions/current-session.js';
import { OwnCredentials } from '../../sessions/own-credentials.js';
import type { Session } from '../../sessions/session.js';

class SecurityKeyDto {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty({ description: 'How it is reached', type: [String] })
  readonly transports!: readonly string[];

  @ApiProperty({ description: 'How often it has signed, as it says; 0 for ever where it does not count' })
  readonly signCount!: number;

  @ApiProperty({ description: 'Whether it may be copied to other devices of its person' })
  readonly backupEligible!: boolean;
}

class SecurityKeysDto {
  @ApiProperty({ type: [SecurityKeyDto] })
  readonly securityKeys!: readonly SecurityKeyDto[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where browsers use them; null where they cannot, at the address that control has',
  })
  readonly page!: string | null;
}

/** From the person's stream: what was just enrolled is here. */
@ApiTags('second component')
@ApiBearerAuth()
@OwnCredentials()
@Controller('v1/me/security-keys')
export class ListSecurityKeysRoute {
  constructor(
    private readonly people: People,
    @Inject(RELYING_PARTY) private readonly party: RelyingParty | null,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listSecurityKeys', summary: 'Your security keys' })
  @ApiOkResponse({ type: SecurityKeysDto })
  async list(@CurrentSession() { id, person: { id: self } }: Session): Promise<SecurityKeysDto> {
    const { person } = requireSession(await this.people.load(self), id, this.clock.now());
    return {
      page: this.party && `${this.party.origin}/security-key`,
      securityKeys: person.keys.map(({ id: key, name, transports, signCount, backupEligible }) => {
        return { id: key, name, transports, signCount, backupEligible };
      }),
    };
  }
}
