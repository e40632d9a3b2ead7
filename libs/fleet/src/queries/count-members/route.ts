import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { StreamWriter } from '#platform/decide-and-append';
import type { ReadModels } from '#platform/http/read-models';
import { READ_MODELS, STREAM_WRITER } from '#platform/tokens';
import { knownRings } from '../../known-rings.js';
import { countMembers, type MembersCount } from './query.js';

class MembersCountDto {
  @ApiProperty()
  ring!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'list line-3',
    description:
      'What their last report is stamped with; null: by no rule, in the ring of the proxy that they ask',
  })
  rule!: string | null;

  @ApiProperty({ description: 'Devices whose serial the store has accepted' })
  devices!: number;

  @ApiProperty({ description: 'Reports beside them that no store vouches for' })
  unidentified!: number;

  @ApiProperty({ description: 'RFC 3339, UTC, by the clock of the proxy' })
  lastSaidAt!: string;
}

class RingDevicesDto {
  @ApiProperty({
    type: [MembersCountDto],
    description: 'In the order in which releases go through the rings',
  })
  counts!: readonly MembersCount[];
}

@ApiTags('rings')
@ApiBearerAuth()
@Controller('v1/rings/devices')
export class CountMembersRoute {
  constructor(
    @Inject(READ_MODELS) private readonly readModels: ReadModels,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'countMembers',
    summary: 'How many devices are in each ring, by which rule, as they last said',
  })
  @ApiOkResponse({ type: RingDevicesDto })
  async count(): Promise<RingDevicesDto> {
    const rings = await knownRings(this.streams);
    const counts = await countMembers(this.readModels);
    return { counts: counts.toSorted((a, b) => rings.indexOf(a.ring) - rings.indexOf(b.ring)) };
  }
}
