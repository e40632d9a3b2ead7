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
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsOptional,
  IsString,
  Length,
  ValidateBy,
} from 'class-validator';
import type { Clock } from '#kernel';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { SHORTEST_REASON } from '../../domain/authority.js';
import { isHeldRole, MOST_RINGS_OF_A_ROLE, ROLES, type HeldRole } from '../../domain/roles.js';
import { HELD_ROLES } from '../../person.dto.js';
import { CurrentSession } from '../../sessions/current-session.js';
import type { Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { EnrolPerson, type EnrolledPerson } from './command.js';

const MOST_ROLES = ROLES.length * MOST_RINGS_OF_A_ROLE;

function AreHeldRoles(): PropertyDecorator {
  const validator = {
    validate: (value: unknown) => typeof value === 'string' && isHeldRole(value),
    defaultMessage: () =>
      `must each be one of ${ROLES.join(', ')}, or such as approver@pilot for one ring alone, which admin and auditor cannot be`,
  };
  return ValidateBy({ name: 'areHeldRoles', validator }, { each: true });
}

class EnrolPersonBody {
  @ApiProperty({ description: 'Theirs for ever', pattern: '^[a-z][a-z0-9._-]{1,31}$' })
  @IsString()
  @Length(1, 100)
  login!: string;

  @ApiProperty({ description: 'As it is printed with a signature', minLength: 1, maxLength: 100 })
  @IsString()
  @Length(1, 100)
  name!: string;

  @ApiProperty({ type: [String], description: HELD_ROLES, example: ['author', 'approver@pilot'] })
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(MOST_ROLES)
  @AreHeldRoles()
  roles!: HeldRole[];

  @ApiPropertyOptional({
    description: 'Who made sure of whom this is, and how; must be said once commissioning is closed',
    example: 'badge 1234 seen by A. Meier',
    minLength: SHORTEST_REASON,
    maxLength: 500,
  })
  @IsOptional()
  @IsString()
  @Length(1, 500)
  verifiedBy?: string;

  @ApiPropertyOptional({
    description:
      'What the site knows the human by, the same for the same human, such as the employee number: another account with it is refused. Kept as a keyed digest',
    maxLength: 100,
  })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  identityReference?: string;

  @IsReason()
  reason!: ReasonDto;
}

class EnrolledDto extends Outcome implements EnrolledPerson {
  @ApiProperty({ format: 'uuid' })
  readonly person!: string;

  @ApiProperty({ description: 'For the person alone; shown this once' })
  readonly enrolmentSecret!: string;

  @ApiProperty({
    description:
      'True: a role was asked for that takes two people, and the secret is its first part. Who confirms the reset of the person by then is given the rest',
  })
  readonly inTwoParts!: boolean;

  @ApiProperty({ format: 'date-time' })
  readonly expiresAt!: string;
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people')
export class EnrolPersonRoute {
  constructor(
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @ApiOperation({ operationId: 'enrolPerson', summary: 'Enrol a person' })
  @ApiCreatedResponse({ type: EnrolledDto })
  async enrol(@CurrentSession() session: Session, @Body() body: EnrolPersonBody): Promise<EnrolledDto> {
    const context = commandContext({ session, reason: body.reason, clock: this.clock });
    return this.commands.execute(
      new EnrolPerson(
        body.login,
        body.name,
        body.roles,
        body.verifiedBy ?? null,
        body.identityReference ?? null,
        context,
      ),
    );
  }
}
