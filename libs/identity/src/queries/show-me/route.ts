import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { PersonDto } from '../../person.dto.js';
import { CurrentSession } from '../../sessions/current-session.js';
import type { Session } from '../../sessions/session.js';

class MeDto extends PersonDto {
  @ApiProperty({ description: 'When this session ends', format: 'date-time' })
  readonly sessionExpiresAt!: string;
}

@ApiTags('sessions')
@ApiBearerAuth()
@Controller('v1/me')
export class ShowMeRoute {
  @Get()
  @ApiOperation({ operationId: 'showMe', summary: 'Who is signed in, with the roles held at this moment' })
  @ApiOkResponse({ type: MeDto })
  show(@CurrentSession() { person, expiresAt }: Session): MeDto {
    return { ...person, sessionExpiresAt: expiresAt };
  }
}
