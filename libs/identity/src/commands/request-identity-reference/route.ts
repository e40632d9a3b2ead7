import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { ReasonOnlyDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { CurrentSession } from '../../sessions/current-session.js';
import type { Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { RequestIdentityReference, type RequestedReference } from './command.js';

class IdentityReferenceBody extends ReasonOnlyDto {
  @ApiProperty({
    description: 'What the site knows the human by, the same for the same human, such as the employee number',
    maxLength: 100,
  })
  @IsString()
  @Length(1, 100)
  identityReference!: string;
}

class RequestedReferenceDto extends Outcome implements RequestedReference {
  @ApiProperty({ description: 'False: it waits for a second person to say the same, within a week' })
  readonly recorded!: boolean;
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/identity-reference')
export class RequestIdentityReferenceRoute {
  constructor(
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'requestIdentityReference',
    summary: 'Say by what the site knows somebody who is enrolled, as the first of two',
    description: 'A correction too. Another account with it is refused, and named.',
  })
  @ApiOkResponse({ type: RequestedReferenceDto })
  async request(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Body() { identityReference, reason }: IdentityReferenceBody,
  ): Promise<RequestedReferenceDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new RequestIdentityReference(login, identityReference, context));
  }
}
