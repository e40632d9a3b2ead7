import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsString, MaxLength } from 'class-validator';
import type { Clock } from '#kernel';
import type { Cursor } from '#event-store/port';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { ShowsSecrets } from '#platform/idempotency/shows-secrets';
import { CLOCK } from '#platform/tokens';
import { secretKey } from '../../domain/settings/secret-settings.js';
import { RevealSecrets } from './command.js';

class RevealSecretsDto {
  @ApiProperty({ type: [String], example: ['forward-proxy-credentials'], description: 'All of them or none' })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  keys!: string[];

  @IsReason()
  reason!: ReasonDto;
}

class RevealedSecretDto {
  @ApiProperty({ example: 'forward-proxy-credentials' })
  readonly key!: string;

  @ApiProperty({ format: 'password', description: 'In clear' })
  readonly value!: string;
}

class RevealedSecretsDto {
  @ApiProperty({ type: [RevealedSecretDto] })
  readonly secrets!: readonly RevealedSecretDto[];

  @ApiProperty({ type: String, nullable: true })
  readonly cursor!: Cursor | null;
}

@ApiTags('site')
@ApiBearerAuth()
@Controller('v1/settings/reveal')
export class RevealSecretsRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @ShowsSecrets()
  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'revealSecrets',
    summary: "Show some of the site's secret settings in clear: an event each, before the answer",
  })
  @ApiOkResponse({ type: RevealedSecretsDto })
  async reveal(
    @Body() { keys, reason }: RevealSecretsDto,
    @CurrentSession() session: Session,
  ): Promise<RevealedSecretsDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new RevealSecrets(keys.map(secretKey), context));
  }
}
