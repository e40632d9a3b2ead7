import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { ReasonOnlyDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { LONGEST_SUBJECT } from '../../domain/person/single-sign-on.js';
import { CurrentSession } from '../../sessions/current-session.js';
import type { Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { RequestSingleSignOn } from './command.js';

class RequestSingleSignOnBody extends ReasonOnlyDto {
  @ApiProperty({
    description: 'As whom the identity provider knows the person: the value of the claim that the site names',
    maxLength: LONGEST_SUBJECT,
  })
  @IsString()
  @Length(1, LONGEST_SUBJECT)
  subject!: string;
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/single-sign-on')
export class RequestSingleSignOnRoute {
  constructor(
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'requestSingleSignOn',
    summary: 'Ask a person to sign in with single sign-on',
    description:
      'Nothing counts until they accept it themself, within a week, with their own components and signed in there.',
  })
  @ApiCreatedResponse({ type: Outcome })
  async request(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Body() { subject, reason }: RequestSingleSignOnBody,
  ): Promise<Outcome> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new RequestSingleSignOn(login, subject, context));
  }
}
