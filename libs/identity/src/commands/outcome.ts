import { ApiProperty } from '@nestjs/swagger';
import type { Cursor } from '#event-store/port';

/** What a command answers. */
export class Outcome {
  @ApiProperty({
    description: 'Where a query has to be to show it (`?atLeast=`); null when nothing had to be recorded',
    type: String,
    nullable: true,
  })
  readonly cursor!: Cursor | null;
}
