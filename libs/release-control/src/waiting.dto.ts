import { ApiProperty } from '@nestjs/swagger';
import type { Wait } from './domain/change-request/waiting.js';

/** What keeps an approved change from taking effect for some time. */
export class WaitDto implements Wait {
  @ApiProperty({ enum: ['freeze'], description: 'A freeze of the ring' })
  for!: Wait['for'];
  @ApiProperty({ format: 'date-time', description: 'As far as is known now' })
  until!: string;
  @ApiProperty({ description: 'In words: of a freeze, its reason' })
  why!: string;
}
