import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Wait } from './domain/change-request/waiting.js';

/** What keeps an approved change from taking effect for some time. */
export class WaitDto {
  @ApiProperty({
    enum: ['freeze', 'soak', 'trail-review'],
    description: 'A freeze of the ring, soak in another one, or a signed review of the trail',
  })
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
