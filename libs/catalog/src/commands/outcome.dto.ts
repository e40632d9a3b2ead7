import { ApiProperty } from '@nestjs/swagger';
import type { Cursor } from '#event-store/port';

/** What a command on the watch list answers. */
export class WatchOutcomeDto {
  @ApiProperty({ example: 'core18' })
  snap!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Give it as ?atLeast= to a query that must show this; null when nothing had to be recorded',
  })
  cursor!: Cursor | null;
}
