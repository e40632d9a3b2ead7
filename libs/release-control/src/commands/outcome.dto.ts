import { ApiProperty } from '@nestjs/swagger';
import type { Outcome } from './outcome.js';

export class OutcomeDto implements Outcome {
  @ApiProperty({ example: 'CR-2026-0042' })
  id!: string;

  @ApiProperty({ example: 'submitted' })
  status!: Outcome['status'];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Give it as ?atLeast= to a query that must show this',
  })
  cursor!: string | null;
}
