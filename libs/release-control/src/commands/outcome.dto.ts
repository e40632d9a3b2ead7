import { ApiProperty } from '@nestjs/swagger';
import { STATUSES } from '../domain/change-request/state.js';
import type { Outcome } from './outcome.js';

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
