import { Body, Controller, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { CLOCK } from '#platform/tokens';
import { Reauthentication } from '../../credentials/reauthentication.js';
import { LONGEST_KEY_NAME } from '../../domain/person/security-keys.js';
import { CHALLENGE_MINUTES } from '../../domain/person/second-components.js';
import { CurrentSession } from '../../sessions/current-session.js';
import { OwnCredentials } from '../../sessions/own-credentials.js';
import { personActor, type Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { ReauthenticationBody } from '../reauthentication.dto.js';
import { OfferSecurityKey, type OfferedKeyAnswer } from './command.js';

class OfferKeyBody extends ReauthenticationBody {
  @ApiProperty({
    description: 'Your own word for the key',
    example: 'blue one, on my ring',
    minLength: 1,
    maxLength: LONGEST_KEY_NAME,
  })
  @IsString()
  @Length(1, 200)
  name!: string;
}

class OfferedKeyDto extends Outcome implements OfferedKeyAnswer {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'PublicKeyCredentialCreationOptionsJSON, for `navigator.credentials.create`',
  })
  readonly options!: OfferedKeyAnswer['options'];
}

@ApiTags('second component')
@ApiBearerAuth()
@OwnCredentials()
@Controller('v1/me/security-keys')
export class OfferSecurityKeyRoute {
  constructor(
    private readonly commands: CommandBus,
    private readonly reauthentication: Reauthentication,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'offerSecurityKey',
    summary: 'Ask for the challenge that a new security key answers',
    description: `It counts from its answer on, which has to come within ${CHALLENGE_MINUTES} minutes.`,
  })
  @ApiCreatedResponse({ type: OfferedKeyDto })
  async offer(
    @CurrentSession() session: Session,
    @Body() { name, reason, ...components }: OfferKeyBody,
  ): Promise<OfferedKeyDto> {
    const proved = await this.reauthentication.forCredentials(session, components);
    const actor = personActor(session, proved);
    const context = commandContext({ session: { actor }, reason, clock: this.clock });
    return this.commands.execute(new OfferSecurityKey(session, name, context));
  }
}
