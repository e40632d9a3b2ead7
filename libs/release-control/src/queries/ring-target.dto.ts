import { ApiProperty } from '@nestjs/swagger';

/** What devices of a ring are told of: a snap's channel, for an architecture. */
export class RingTargetDto {
  @ApiProperty()
  readonly ring!: string;

  @ApiProperty()
  readonly name!: string;

  @ApiProperty()
  readonly channel!: string;

  @ApiProperty()
  readonly architecture!: string;
}
