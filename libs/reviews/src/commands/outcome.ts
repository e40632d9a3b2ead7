import { ApiProperty } from '@nestjs/swagger';
import type { Cursor } from '#event-store/port';
import { REVIEW_STATUSES, type ReviewStatus } from '../domain/review/state.js';

/** What a command on a review answers. */
export interface ReviewOutcome {
  readonly id: string;
  readonly status: ReviewStatus;
  /** Where a query has to be to show it (`?atLeast=`); null when nothing had to be appended. */
  readonly cursor: Cursor | null;
}

export class ReviewOutcomeDto implements ReviewOutcome {
  @ApiProperty({ example: 'TR-0042' })
  id!: string;

  @ApiProperty({ enum: REVIEW_STATUSES })
  status!: ReviewStatus;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Give it as ?atLeast= to a query that must show this',
  })
  cursor!: string | null;
}
