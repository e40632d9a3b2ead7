import { Controller, Get, Inject, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { STATUSES } from '../../domain/change-request/state.js';
import { TargetDto } from '../show-change-request/changes.dto.js';
import { DifferenceOfVersionsDto } from '../show-change-request/difference.dto.js';
import { ShowDifferences, type Differences, type HeldVersion, type TargetDifference } from './query.js';

class InstalledInRingDto {
  @ApiProperty()
  revision!: number;
  @ApiProperty({ description: 'Devices whose serial the store has accepted' })
  devices!: number;
}

class TargetDifferenceDto implements TargetDifference {
  @ApiProperty({ description: 'The ring that it is of: of a release plan one of several' })
  ring!: string;
  @ApiProperty()
  name!: string;
  @ApiProperty({ type: TargetDto })
  target!: TargetDto;
  @ApiProperty({ type: String, nullable: true, description: 'null: upstream decides' })
  old!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'null: upstream decides' })
  new!: string | null;
  @ApiProperty({
    type: DifferenceOfVersionsDto,
    nullable: true,
    description: 'Part of the record that is signed; null where upstream is to decide, and in older records',
  })
  difference!: DifferenceOfVersionsDto | null;
  @ApiProperty({
    type: [InstalledInRingDto],
    description: 'What devices of the ring have of it, on this architecture, by what they last said',
  })
  installed!: readonly InstalledInRingDto[];
}

class HeldVersionDto implements HeldVersion {
  @ApiProperty()
  name!: string;
  @ApiProperty()
  channel!: string;
  @ApiProperty()
  architecture!: string;
  @ApiProperty()
  version!: string;
}

class DifferencesDto implements Differences {
  @ApiProperty({ example: 'CR-2026-0042' })
  id!: string;
  @ApiProperty()
  ring!: string;
  @ApiProperty({ enum: STATUSES })
  status!: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'SHA-256, hex, of the record; null before capture',
  })
  recordDigest!: string | null;
  @ApiProperty({ type: [TargetDifferenceDto] })
  targets!: readonly TargetDifferenceDto[];
  @ApiProperty({ description: 'When devices were counted, and what is held was looked up' })
  countedAt!: string;
  @ApiProperty({ description: 'Devices of the ring whose serial the store has accepted' })
  devices!: number;
  @ApiProperty({ description: 'Reports that no store vouches for: of how many devices, nobody can say' })
  unidentified!: number;
  @ApiProperty({ type: [HeldVersionDto], description: 'What the ring holds beside: the first by name' })
  held!: readonly HeldVersionDto[];
  @ApiProperty()
  heldCount!: number;
}

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/change-requests')
export class ShowDifferencesRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get(':id/differences')
  @ApiOperation({
    operationId: 'showDifferences',
    summary: 'What is being approved: how each version differs from the one before, and whom it is about',
    description:
      'Differences are by the capture manifests: size, publisher and declaration as they were signed; what is from the snap.yaml as the store read it from the file. They are part of the record that a signature is bound to. Devices and what else is held are of the moment of asking.',
  })
  @ApiOkResponse({ type: DifferencesDto })
  show(@Param('id') id: string): Promise<DifferencesDto> {
    return this.queries.execute(new ShowDifferences(id));
  }
}
