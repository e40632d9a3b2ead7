import { ApiProperty } from '@nestjs/swagger';
import { STATUSES } from '../domain/change-request/state.js';
import type { Outcome, RatificationOutcome } from './outcome.js';

export class OutcomeDto implements Outcome {
  @ApiProperty({ example: 'CR-2026-0042' })
  id!: string;

  @ApiProperty({ enum: STATUSES, example: 'submitted' })
  status!: Outcome['status'];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Give it as ?atLeast= to a query that must show this',
  })
  cursor!: string | null;
}

export class RatificationOutcomeDto extends OutcomeDto implements RatificationOutcome {
  @ApiProperty({
    type: [String],
    description: 'What the ratification still needs, in words; empty once it is complete',
  })
  missing!: readonly string[];
}
