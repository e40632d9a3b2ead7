import { Body, Controller, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { CLOCK } from '#platform/tokens';
import { Reauthentication } from '../../credentials/reauthentication.js';
import { OFFER_MINUTES } from '../../domain/person/second-factor.js';
import { CurrentSession } from '../../sessions/current-session.js';
import { OwnCredentials } from '../../sessions/own-credentials.js';
import { personActor, type Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { ReauthenticationBody } from '../reauthentication.dto.js';
import { OfferSecondFactor, type OfferedSecret } from './command.js';

class OfferedSecretDto extends Outcome implements OfferedSecret {
  @ApiProperty({ description: 'Base32, to be typed into an authenticator app; shown this once' })
  readonly secret!: string;

  @ApiProperty({ description: 'The same as an `otpauth://` URI, for a QR code' })
  readonly otpauthUri!: string;
}

@ApiTags('second component')
@ApiBearerAuth()
@OwnCredentials()
@Controller('v1/me/second-component')
export class OfferSecondFactorRoute {
  constructor(
    private readonly commands: CommandBus,
    private readonly reauthentication: Reauthentication,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'offerSecondComponent',
    summary: 'Ask for the secret of a second component',
    description: `It counts from its first code on, which has to come within ${OFFER_MINUTES} minutes. One that is enrolled already stays until then.`,
  })
  @ApiCreatedResponse({ type: OfferedSecretDto })
  async offer(
    @CurrentSession() session: Session,
    @Body() { reason, ...components }: ReauthenticationBody,
  ): Promise<OfferedSecretDto> {
    const proved = await this.reauthentication.forCredentials(session, components);
    const actor = personActor(session, proved);
    const context = commandContext({ session: { actor }, reason, clock: this.clock });
    return this.commands.execute(new OfferSecondFactor(session.person, context));
  }
}
