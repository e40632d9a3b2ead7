import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Wait } from './domain/change-request/waiting.js';

/** What keeps an approved change from taking effect for some time. */
export class WaitDto {
  @ApiProperty({ enum: ['freeze', 'soak'], description: 'A freeze of the ring, or soak in another one' })
  for!: Wait['for'];
  @ApiPropertyOptional({ description: 'Of soak: the other ring' })
  ring?: string;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'As far as is known now; null where more than time is missing',
  })
  until!: string | null;
  @ApiProperty({ description: 'In words: of a freeze, its reason' })
  why!: string;
}
