import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { CLOCK } from '#platform/tokens';
import { Reauthentication } from '../../credentials/reauthentication.js';
import { CurrentSession } from '../../sessions/current-session.js';
import { personActor, type Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { ReauthenticationBody } from '../reauthentication.dto.js';
import { RequestAdminRecovery, type RequestedRecovery } from './command.js';

class RequestRecoveryBody extends ReauthenticationBody {
  @ApiProperty({ description: 'As "holdfast recover-admin" prints it on the host', maxLength: 2_000 })
  @IsString()
  @Length(1, 2_000)
  hostProof!: string;

  @ApiPropertyOptional({ description: 'Of somebody who has no login yet', minLength: 1, maxLength: 100 })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  name?: string;

  @ApiPropertyOptional({
    description: 'Of somebody who has no login yet: who made sure of whom this is, and how',
    maxLength: 500,
  })
  @IsOptional()
  @IsString()
  @Length(1, 500)
  verifiedBy?: string;
}

class RequestedRecoveryDto extends Outcome implements RequestedRecovery {
  @ApiProperty({
    description:
      'For the person alone: of the secret, with the dot at its end. Who confirms is given the rest',
  })
  readonly firstPart!: string;

  @ApiProperty({ format: 'date-time', description: 'Not confirmed earlier: admins have time to sign in' })
  readonly notBefore!: string;

  @ApiProperty({ format: 'date-time' })
  readonly expiresAt!: string;
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/recovery')
export class RequestAdminRecoveryRoute {
  constructor(
    private readonly commands: CommandBus,
    private readonly reauthentication: Reauthentication,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'requestAdminRecovery',
    summary: 'Ask for an admin back, with the proof of the host',
    description:
      'For a site of which fewer than two admins can sign in. Nothing happens until another person, who signs, confirms it: not within a day, in which admins may still sign in, and within a week.',
  })
  @ApiCreatedResponse({ type: RequestedRecoveryDto })
  async request(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Body() { reason, hostProof, name, verifiedBy, ...components }: RequestRecoveryBody,
  ): Promise<RequestedRecoveryDto> {
    const proved = await this.reauthentication.forCredentials(session, components);
    const actor = personActor(session, proved);
    const context = commandContext({ session: { actor }, reason, clock: this.clock });
    const newcomer = { name: name ?? null, verification: verifiedBy ?? null };
    return this.commands.execute(new RequestAdminRecovery(login, hostProof, newcomer, context));
  }
}
