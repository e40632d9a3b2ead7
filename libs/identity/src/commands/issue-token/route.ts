import { Body, Controller, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsDefined,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { Reauthentication } from '../../credentials/reauthentication.js';
import { LONGEST_TOKEN_DAYS, MOST_TOKEN_RINGS } from '../../domain/token/what-is-issued.js';
import { CurrentSession } from '../../sessions/current-session.js';
import { personActor, type Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { ReauthenticationBody } from '../reauthentication.dto.js';
import { IssueToken, type IssuedAnswer } from './command.js';

const USUAL_DAYS = 90;

class IssueTokenBody extends ReauthenticationBody {
  @ApiProperty({ example: 'nightly-pins', pattern: '^[a-z0-9][a-z0-9._-]{0,39}$' })
  @IsString()
  @Length(1, 40)
  name!: string;

  @ApiProperty({ type: ReasonDto, description: 'Why whatever is done with the token will be done' })
  @IsDefined({ message: 'say why whatever is done with the token will be done' })
  @IsObject({ message: 'must be an object with code and text' })
  @ValidateNested()
  @Type(() => ReasonDto)
  standingReason!: ReasonDto;

  @ApiProperty({ type: [String], description: 'The rings that it may ask changes for', example: ['default'] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_TOKEN_RINGS)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, 63, { each: true })
  rings!: string[];

  @ApiPropertyOptional({
    description: 'How long it is good',
    default: USUAL_DAYS,
    maximum: LONGEST_TOKEN_DAYS,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LONGEST_TOKEN_DAYS)
  days?: number;
}

class IssuedTokenDto extends Outcome implements IssuedAnswer {
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  @ApiProperty({ description: 'For `Authorization: Bearer …`; shown this once' })
  readonly token!: string;

  @ApiProperty({ format: 'date-time' })
  readonly expiresAt!: string;
}

@ApiTags('tokens')
@ApiBearerAuth()
@Controller('v1/tokens')
export class IssueTokenRoute {
  constructor(
    private readonly commands: CommandBus,
    private readonly reauthentication: Reauthentication,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'issueToken',
    summary: 'Issue a token to yourself, for a program that asks for changes with a standing reason',
  })
  @ApiCreatedResponse({ type: IssuedTokenDto })
  async issue(@CurrentSession() session: Session, @Body() body: IssueTokenBody): Promise<IssuedTokenDto> {
    const { name, standingReason, rings, days = USUAL_DAYS, reason } = body;
    const proved = await this.reauthentication.forCredentials(session, body);
    const actor = personActor(session, proved);
    const context = commandContext({ session: { actor }, reason, clock: this.clock });
    const { code, text, ticket } = standingReason;
    const standing = { code, text, ...(ticket === undefined ? {} : { ticket }) };
    const scope = { may: 'submit-changes', rings } as const;
    return this.commands.execute(new IssueToken(proved.resets, name, standing, scope, days, context));
  }
}
