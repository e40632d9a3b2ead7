import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IsRfc3339Time } from '#platform/http/is-time';
import { AT_EXPIRY, type HoldExpiry } from '../../domain/change-request/hold-expiry.js';
import { utc } from './window.dto.js';

/** Until when a revision is to be held, and what comes of it then. */
export class HoldExpiryDto {
  @ApiProperty({ format: 'date-time', example: '2027-03-31T18:00:00+02:00' })
  @IsRfc3339Time()
  at!: string;

  @ApiProperty({
    enum: AT_EXPIRY,
    description:
      'keep: it stays, and people are told; release: upstream decides again; block: the snap is not served any more until it is approved anew',
  })
  @IsIn(AT_EXPIRY)
  action!: HoldExpiry['action'];
}

/** In UTC, as the record has it. */
export function toExpiry({ at, action }: HoldExpiryDto): HoldExpiry {
  return { at: utc(at), action };
}
