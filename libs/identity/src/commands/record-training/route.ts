import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsIn, IsString, Length, Matches } from 'class-validator';
import type { Clock } from '#kernel';
import { IsRfc3339Time } from '#platform/http/is-time';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { TRAINED_ROLES, type TrainedRole } from '../../domain/training/training.js';
import { CurrentSession } from '../../sessions/current-session.js';
import type { Session } from '../../sessions/session.js';
import { Outcome } from '../outcome.js';
import { RecordTraining } from './command.js';

class RecordTrainingBody {
  @ApiProperty({ enum: TRAINED_ROLES })
  @IsIn(TRAINED_ROLES)
  role!: TrainedRole;

  @ApiProperty({ description: 'What was trained on', example: 'SOP-7', minLength: 1, maxLength: 200 })
  @IsString()
  @Length(1, 200)
  document!: string;

  @ApiProperty({ description: 'Which version of it', example: '3', minLength: 1, maxLength: 200 })
  @IsString()
  @Length(1, 200)
  version!: string;

  @ApiProperty({ format: 'date-time', description: 'Until when it is current, UTC; five years at most' })
  @Matches(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/, {
    message: 'must be a time such as 2027-11-30T00:00:00Z, in UTC',
  })
  @IsRfc3339Time()
  until!: string;

  @IsReason()
  reason!: ReasonDto;
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/training')
export class RecordTrainingRoute {
  constructor(
    private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'recordTraining',
    summary: 'Record that a person is trained for a role, until when',
    description:
      'Takes the role admin or qa, and another person than who is trained. It replaces the record before of that role.',
  })
  @ApiOkResponse({ type: Outcome })
  async record(
    @CurrentSession() session: Session,
    @Param('login') login: string,
    @Body() { role, reason, ...record }: RecordTrainingBody,
  ): Promise<Outcome> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new RecordTraining(login, role, record, context));
  }
}
