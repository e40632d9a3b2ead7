import { ApiProperty } from '@nestjs/swagger';

/** The event that made something so. */
export class SinceDto {
  @ApiProperty({ description: 'The ledger index of the event that set it' })
  position!: string;

  @ApiProperty()
  at!: string;

  @ApiProperty({ example: 'CR-2026-0042' })
  changeRequest!: string;
}
