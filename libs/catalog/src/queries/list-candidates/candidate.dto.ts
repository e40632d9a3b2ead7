import { ApiProperty } from '@nestjs/swagger';
import type { Candidate, CandidatePage } from './query.js';

class HeldRevisionDto {
  @ApiProperty({ example: 1722 })
  revision!: number;

  @ApiProperty({ type: String, nullable: true, description: 'null where upstream never showed it' })
  version!: string | null;

  @ApiProperty({ description: 'Upstream does not give it out any more' })
  gone!: boolean;
}

class SeenSinceDto {
  @ApiProperty({ description: 'The ledger index of the event that recorded it' })
  position!: string;

  @ApiProperty()
  at!: string;
}

class UpstreamRevisionDto {
  @ApiProperty({ example: 1725 })
  revision!: number;

  @ApiProperty({ example: '20230207' })
  version!: string;

  @ApiProperty({ description: 'The channel itself, or the stabler one that it follows since it is closed' })
  channel!: string;

  @ApiProperty({ description: 'As upstream says it' })
  releasedAt!: string;

  @ApiProperty({ type: SeenSinceDto })
  since!: SeenSinceDto;
}

class NewerDeclarationDto {
  @ApiProperty({ description: 'The revision that was approved with what is held' })
  approved!: number;

  @ApiProperty({ description: 'The revision that upstream has' })
  upstream!: number;
}

export class CandidateDto implements Candidate {
  @ApiProperty()
  ring!: string;

  @ApiProperty({ example: 'core18' })
  name!: string;

  @ApiProperty()
  snapId!: string;

  @ApiProperty({ example: 'latest/stable' })
  channel!: string;

  @ApiProperty({ example: 'amd64' })
  architecture!: string;

  @ApiProperty({ type: HeldRevisionDto })
  held!: HeldRevisionDto;

  @ApiProperty({ type: UpstreamRevisionDto })
  upstream!: UpstreamRevisionDto;

  @ApiProperty({
    type: NewerDeclarationDto,
    nullable: true,
    description:
      'Where upstream has a newer snap-declaration than was approved: devices get it once the revision is asked for again and approved',
  })
  declaration!: NewerDeclarationDto | null;
}

export class CandidatePageDto implements CandidatePage {
  @ApiProperty({ type: [CandidateDto] })
  candidates!: readonly CandidateDto[];

  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}
