import { Controller, Get, Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { CurrentSession, type Session } from '#identity/published';
import { TAKEN_ON } from '../../domain/update-matrix/cell.js';
import { HOLD_REVIEW_DAYS } from '../../holds/hold-review-days.js';
import { RingTargetDto } from '../ring-target.dto.js';
import { ListOverdueHolds, type OverdueHold } from './query.js';
import { ListUpdatesNotApplied, type UpdateNotApplied } from './updates.js';

class OverdueHoldDto extends RingTargetDto implements OverdueHold {
  @ApiProperty({ description: 'What is held; for a snap, its revision' })
  readonly version!: string;

  @ApiProperty({ description: 'What upstream had when it was said to be overdue' })
  readonly upstream!: string;

  @ApiProperty({ format: 'date-time', description: 'Since when upstream has had something newer' })
  readonly since!: string;

  @ApiProperty({ format: 'date-time', description: 'When it was said to be overdue' })
  readonly at!: string;

  @ApiProperty({ description: 'For how many days it was behind then' })
  readonly days!: number;

  @ApiProperty({ description: 'Whether you may evaluate it' })
  readonly asksYou!: boolean;
}

class UpdateNotAppliedDto extends RingTargetDto implements UpdateNotApplied {
  @ApiProperty({ description: 'For a snap, its revision' })
  readonly version!: string;

  @ApiProperty({ description: 'The request that took it on' })
  readonly changeRequest!: string;

  @ApiProperty({ enum: TAKEN_ON, description: 'How that request stands' })
  readonly status!: UpdateNotApplied['status'];

  @ApiProperty({ format: 'date-time', description: 'When it was captured, and so found to apply' })
  readonly since!: string;

  @ApiProperty({ description: 'Whole days since then' })
  readonly days!: number;
}

class OverdueHoldsDto {
  @ApiProperty({ type: [OverdueHoldDto] })
  readonly holds!: readonly OverdueHoldDto[];

  @ApiProperty({
    type: [UpdateNotAppliedDto],
    description: 'What a request that is still under way took on for as long, and its ring does not have',
  })
  readonly updates!: readonly UpdateNotAppliedDto[];
}

@ApiTags('release policy')
@ApiBearerAuth()
@Controller('v1/overdue-holds')
export class ListOverdueHoldsRoute {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(HOLD_REVIEW_DAYS) private readonly days: number,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listOverdueHolds',
    summary:
      'Which holds of every ring are older than upstream for too long, and wait to be evaluated; and which updates were taken on for as long, and are not applied',
  })
  @ApiOkResponse({ type: OverdueHoldsDto })
  async list(@CurrentSession() session: Session): Promise<OverdueHoldsDto> {
    const holds = await this.queries.execute(new ListOverdueHolds(session.person.roles));
    return { holds, updates: await this.queries.execute(new ListUpdatesNotApplied(this.days)) };
  }
}
