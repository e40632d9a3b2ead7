import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { CLOCK } from '#platform/tokens';
import { CurrentSession } from '../../sessions/current-session.js';
import { OwnCredentials } from '../../sessions/own-credentials.js';
import type { Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { EnrolSecondFactor } from './command.js';

class FirstCodeBody {
  @ApiProperty({ description: 'That the app shows for the secret', pattern: '^[0-9]{6}$' })
  @Matches(/^[0-9]{6}$/, { message: 'must be the 6 digits that the authenticator app shows' })
  code!: string;
}

@ApiTags('second component')
@ApiBearerAuth()
@OwnCredentials()
@Controller('v1/me/second-component/confirm')
export class EnrolSecondFactorRoute {
  constructor(
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'confirmSecondComponent',
    summary: 'Enrol the second component with its first code',
    description: 'In place of the one before, if there was one. Your other sessions end.',
  })
  @ApiOkResponse({ type: Outcome })
  async confirm(@CurrentSession() session: Session, @Body() { code }: FirstCodeBody): Promise<Outcome> {
    // Why was said with the request for the secret.
    const reason = { code: 'second-component', text: 'confirmed the secret with its first code' };
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new EnrolSecondFactor(session, code, context));
  }
}
