import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { StreamWriter } from '#platform/decide-and-append';
import { showRevision } from '#platform/given-command';
import { STREAM_WRITER } from '#platform/tokens';
import { person, personStream } from '../../domain/person/person.js';
import { rolesNow } from '../../domain/person/roles-now.js';
import { PersonDto } from '../../person.dto.js';
import { CurrentSession } from '../../sessions/current-session.js';
import { OwnCredentials } from '../../sessions/own-credentials.js';
import type { Session } from '../../sessions/session.js';

class MeDto extends PersonDto {
  @ApiProperty({ description: 'When this session ends', format: 'date-time' })
  readonly sessionExpiresAt!: string;
}

@ApiTags('sessions')
@ApiBearerAuth()
@OwnCredentials()
@Controller('v1/me')
export class ShowMeRoute {
  constructor(@Inject(STREAM_WRITER) private readonly streams: StreamWriter) {}

  @Get()
  @ApiOperation({ operationId: 'showMe', summary: 'Who is signed in, with the roles held at this moment' })
  @ApiOkResponse({ type: MeDto })
  async show(@CurrentSession() { person: who, expiresAt }: Session): Promise<MeDto> {
    const { state, revision } = await this.streams.load(person, personStream(who.id));
    showRevision(revision);
    // As of that revision: somebody may have granted or taken a role since the session was looked at.
    return { ...who, roles: rolesNow(state), sessionExpiresAt: expiresAt };
  }
}
