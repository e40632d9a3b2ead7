import { ApiProperty } from '@nestjs/swagger';
import { IsIn, Matches } from 'class-validator';
import { AT_EXPIRY, type HoldExpiry } from '../../domain/change-request/hold-expiry.js';
import { TIME, utc } from './window.dto.js';

/** Until when a revision is to be held, and what comes of it then. */
export class HoldExpiryDto {
  @ApiProperty({ format: 'date-time', example: '2027-03-31T18:00:00+02:00' })
  @Matches(TIME, { message: 'must be a time with its offset, such as 2026-12-01T22:00:00+01:00' })
  at!: string;

  @ApiProperty({
    enum: AT_EXPIRY,
    description:
      'keep: it stays, and people are told; release: upstream decides again; block: the snap is not served any more until it is approved anew',
  })
  @IsIn(AT_EXPIRY)
  action!: HoldExpiry['action'];
}

/** In UTC, as the record has it. @throws ReleaseControlError `invalid-window` for a day that there is not */
export function toExpiry({ at, action }: HoldExpiryDto): HoldExpiry {
  return { at: utc(at), action };
}
