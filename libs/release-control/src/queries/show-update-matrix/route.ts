import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { HOLD_REVIEW_DAYS } from '../../holds/hold-review-days.js';
import { UPDATE_STATES, type UpdateCell, type UpdateState } from '../../domain/update-matrix/cell.js';
import { ShowUpdateMatrix, type UpdateLine, type UpdateMatrix } from './query.js';

class ShowUpdateMatrixDto {
  @ApiPropertyOptional({
    example: 'lab-hello',
    description: 'A name or a snap-id; left out: all that is held or watched',
  })
  @IsOptional()
  @Matches(/^[A-Za-z0-9-]{1,40}$/, { message: 'must be the name of a snap, or a snap-id' })
  snap?: string;

  @ApiPropertyOptional({
    type: Number,
    description:
      'Days for which a ring may hold back, or not have what was taken on, before that is to be reviewed; left out: what the site says (hold-review-days)',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(3650)
  reviewAfterDays?: number;
}

class OfferedOnDto {
  @ApiProperty()
  channel!: string;

  @ApiProperty({ description: 'Since when we know' })
  since!: string;
}

class TestedInDto {
  @ApiProperty()
  ring!: string;

  @ApiProperty()
  id!: string;
}

class NotAppliedDto {
  @ApiProperty()
  reason!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The risk acceptance of the hold; null: none was said',
  })
  mitigation!: string | null;
}

class UpdateCellDto implements UpdateCell {
  @ApiProperty({ enum: UPDATE_STATES, description: 'The furthest that it has come' })
  state!: UpdateState;

  @ApiProperty({ description: 'The ring holds the snap, its devices have it, or somebody asked for it' })
  applicable!: boolean;

  @ApiProperty({ type: [String], description: 'Change requests' })
  evaluatedIn!: readonly string[];

  @ApiProperty({
    type: [TestedInDto],
    description: 'Change requests that somebody verified, of earlier rings too',
  })
  testedIn!: readonly TestedInDto[];

  @ApiProperty({ type: [String], description: 'Change requests' })
  approvedIn!: readonly string[];

  @ApiProperty({ description: 'Of the ring, that have it by the delivery records' })
  devices!: number;

  @ApiProperty({ type: NotAppliedDto, nullable: true, description: 'Why the ring does not have it' })
  notApplied!: NotAppliedDto | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Days for which the ring has held back from upstream',
  })
  behindDays!: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Days since a request that is still under way took it on, where the ring does not have it',
  })
  takenOnDays!: number | null;

  @ApiProperty({ description: 'One of the two is as long as asks for a review' })
  reviewDue!: boolean;
}

class UpdateLineDto implements UpdateLine {
  @ApiProperty()
  snap!: string;

  @ApiProperty()
  snapId!: string;

  @ApiProperty()
  revision!: number;

  @ApiProperty({ type: String, nullable: true, description: 'null: upstream never showed it' })
  version!: string | null;

  @ApiProperty({ type: [OfferedOnDto], description: 'Where upstream has it now' })
  offered!: readonly OfferedOnDto[];

  @ApiProperty({ description: 'Upstream has withdrawn it' })
  gone!: boolean;

  @ApiProperty({ type: [UpdateCellDto], description: 'One for each ring, in their order' })
  cells!: readonly UpdateCellDto[];
}

class UpdateMatrixDto implements UpdateMatrix {
  @ApiProperty({ type: [String], description: 'In the order in which releases go through them' })
  rings!: readonly string[];

  @ApiProperty({ type: [UpdateLineDto], description: 'By snap, the newest first' })
  updates!: readonly UpdateLineDto[];

  @ApiProperty({ description: 'How many more snaps there are: ask for each by its name' })
  leftOut!: number;
}

@ApiTags('release policy')
@ApiBearerAuth()
@Controller('v1/update-matrix')
export class ShowUpdateMatrixRoute {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(HOLD_REVIEW_DAYS) private readonly days: number,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'showUpdateMatrix',
    summary: 'Of each update, in each ring: how far it has come, and where it is not applied, why',
  })
  @ApiOkResponse({ type: UpdateMatrixDto })
  show(@Query() { snap, reviewAfterDays = this.days }: ShowUpdateMatrixDto): Promise<UpdateMatrixDto> {
    return this.queries.execute(new ShowUpdateMatrix(snap, reviewAfterDays));
  }
}
