import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsString, Length, ValidateIf } from 'class-validator';
import { IsLeftOut } from '#platform/http/is-left-out';
import type { Clock } from '#kernel';
import type { Cursor } from '#event-store/port';
import { CurrentSession, type Session } from '#identity/published';
import { IsRfc3339Time } from '#platform/http/is-time';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { SetHoldTerms } from './command.js';

class SetHoldTermsDto {
  @ApiProperty({ example: 'production' })
  @IsString()
  @Length(1, 64)
  ring!: string;

  @ApiProperty({ example: 'core22' })
  @IsString()
  @Length(1, 40)
  snap!: string;

  @ApiPropertyOptional({ example: 'latest/stable', description: 'Left out: every channel that is held' })
  @IsLeftOut()
  @IsString()
  @Length(1, 200)
  channel?: string;

  @ApiProperty({ example: 'ana', description: 'The login of who answers for it' })
  @IsString()
  @Length(1, 32)
  owner!: string;

  @ApiProperty({ description: 'Why it is acceptable not to take what upstream has' })
  @IsString()
  @Length(10, 2_000)
  risk!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    description: 'null: for as long as the hold',
  })
  @ValidateIf((_body: object, value: unknown) => value !== null)
  @IsRfc3339Time({ orDay: true })
  expiresAt!: string | null;

  @IsReason()
  reason!: ReasonDto;
}

class HoldTermsOutcomeDto {
  @ApiProperty()
  readonly ring!: string;

  @ApiProperty()
  readonly snap!: string;

  @ApiProperty({ type: String, nullable: true, description: 'null when they were so already' })
  readonly cursor!: Cursor | null;
}

@ApiTags('release policy')
@ApiBearerAuth()
@Controller('v1/holds')
export class SetHoldTermsRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'setHoldTerms',
    summary: 'Say who answers for a hold, which risk is accepted with it, and until when',
  })
  @ApiOkResponse({ type: HoldTermsOutcomeDto })
  async set(@Body() body: SetHoldTermsDto, @CurrentSession() session: Session): Promise<HoldTermsOutcomeDto> {
    const { ring, snap, channel, owner, risk, reason } = body;
    const expiresAt = body.expiresAt === null ? null : new Date(body.expiresAt).toISOString();
    const context = commandContext({ session, reason, clock: this.clock });
    const command = new SetHoldTerms({ ring, snap, channel }, { owner, risk, expiresAt }, context);
    return { ring, snap, cursor: await this.commands.execute(command) };
  }
}
