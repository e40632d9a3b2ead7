import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { showRevision } from '#platform/given-command';
import { CLOCK } from '#platform/tokens';
import { isTrained, TRAINED_ROLES, type TrainedRole } from '../../domain/training/training.js';
import { People } from '../../people.js';
import { TrainingGate } from '../../training-gate.js';

class TrainingDto {
  @ApiProperty({ enum: TRAINED_ROLES })
  readonly role!: TrainedRole;

  @ApiProperty()
  readonly document!: string;

  @ApiProperty()
  readonly version!: string;

  @ApiProperty({ format: 'date-time' })
  readonly until!: string;

  @ApiProperty({ description: 'Whether that time has not come' })
  readonly current!: boolean;
}

class TrainingListDto {
  @ApiProperty({ type: [TrainingDto], description: 'The newest of each role' })
  readonly training!: readonly TrainingDto[];
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people/:login/training')
export class ShowTrainingRoute {
  constructor(
    private readonly people: People,
    private readonly gate: TrainingGate,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'showTraining',
    summary: 'For which roles a person is trained, and until when',
  })
  @ApiOkResponse({ type: TrainingListDto })
  async show(@Param('login') login: string): Promise<TrainingListDto> {
    const { id } = await this.people.byLogin(login);
    const { state, revision } = await this.gate.load(id);
    showRevision(revision);
    const now = this.clock.now();
    const training = TRAINED_ROLES.flatMap((role) => {
      const record = state[role];
      return record === undefined ? [] : [{ role, ...record, current: isTrained(state, role, now) }];
    });
    return { training };
  }
}
