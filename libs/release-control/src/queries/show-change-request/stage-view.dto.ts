import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Gates, Stage } from '../../domain/change-request/plan.js';
import { STAGE_STATES, type StageView } from './stage-view.js';
import { VerificationDto } from './verification.dto.js';

export class GatesDto implements Gates {
  @ApiProperty({ description: 'Hours that the ring before must have had it' })
  soakHours!: number;
  @ApiProperty({ description: 'Whether somebody must have verified it in the ring before' })
  verified!: boolean;
  @ApiPropertyOptional({ description: 'Per cent of the devices of the ring before that must have it' })
  installedPercent?: number;
}

/** As it stands in the record. */
export class PlannedStageDto extends GatesDto implements Stage {
  @ApiProperty()
  ring!: string;
}

export class StageViewDto implements StageView {
  @ApiProperty({ description: 'Counted from 1' })
  stage!: number;
  @ApiProperty()
  ring!: string;
  @ApiProperty({ enum: STAGE_STATES, description: 'stopped: it never gets it' })
  state!: StageView['state'];
  @ApiProperty({
    type: GatesDto,
    nullable: true,
    description: 'What it was to wait for; null for the first ring',
  })
  gates!: GatesDto | null;
  @ApiProperty({ type: [String], description: 'What it waits for now, in words' })
  waitsFor!: readonly string[];
  @ApiProperty({ type: String, nullable: true, description: 'When the ring had it; null while it does not' })
  inForceAt!: string | null;
  @ApiProperty({ type: VerificationDto, nullable: true, description: 'What somebody found there who looked' })
  verification!: VerificationDto | null;
}
