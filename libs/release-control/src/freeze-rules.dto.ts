import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, Length } from 'class-validator';
import type { Freeze } from './domain/approval-policy/freeze.js';

const PASS_OR_WAIT = ['pass', 'wait'] as const satisfies readonly Freeze['emergencies'][];
const WHEN = 'by the clocks of the zone: once, as 2026-12-20T18:00, or each week, as fri 18:00';

/** A time in which nothing takes effect in the ring but a halt. Whether its times and its zone can be meant, the domain says. */
export class FreezeDto implements Freeze {
  @ApiProperty({ example: '2026-12-20T18:00', description: `From then on, ${WHEN}` })
  @IsString()
  @Length(1, 20)
  from!: string;

  @ApiProperty({ example: '2027-01-04T06:00', description: `Until then, ${WHEN}` })
  @IsString()
  @Length(1, 20)
  to!: string;

  @ApiProperty({ example: 'Europe/Zurich', description: 'IANA name' })
  @IsString()
  @Length(1, 64)
  zone!: string;

  @ApiProperty({ example: 'the books are closed' })
  @IsString()
  @Length(1, 200)
  reason!: string;

  @ApiProperty({
    enum: PASS_OR_WAIT,
    description: 'Whether what is released in an emergency takes effect meanwhile, or is not released',
  })
  @IsIn(PASS_OR_WAIT)
  emergencies!: Freeze['emergencies'];
}

export function toFreeze({ from, to, zone, reason, emergencies }: FreezeDto): Freeze {
  return { from, to, zone, reason, emergencies };
}
