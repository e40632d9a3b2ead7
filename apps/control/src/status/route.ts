import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import type { Finding } from '#ledger/domain/verification/finding';
import type { Verified } from '#ledger/domain/verification/events';
import type { FailingState, Verification } from '#ledger/domain/verification/verification';
import {
  ShowStatus,
  type ClockStatus,
  type EventStoreStatus,
  type ProjectionStatus,
  type Status,
} from './query.js';

class SiteDto {
  @ApiProperty({ description: 'The name of the site and of its log' })
  readonly origin!: string;
}

class ProjectionStatusDto implements ProjectionStatus {
  @ApiProperty()
  readonly name!: string;

  @ApiProperty()
  readonly version!: number;

  @ApiProperty({ type: String, nullable: true, description: 'Of the newest event that it shows' })
  readonly position!: string | null;

  @ApiProperty({ description: 'How many events it has still to take' })
  readonly lag!: string;
}

class EventStoreDto implements EventStoreStatus {
  @ApiProperty({ enum: ['postgresql', 'eventstoredb'] })
  readonly kind!: EventStoreStatus['kind'];

  @ApiProperty({ description: 'Until it ran against a real server' })
  readonly experimental!: boolean;
}

class VerifiedDto implements Verified {
  @ApiProperty({ format: 'date-time' })
  readonly at!: string;

  @ApiProperty({ description: 'How many there were; decimal' })
  readonly entries!: string;

  @ApiProperty({ description: 'Of the Merkle tree over them; base64' })
  readonly root!: string;

  @ApiProperty({ description: 'How long it took' })
  readonly seconds!: number;
}

class FindingDto implements Finding {
  @ApiProperty({ enum: ['checkpoint', 'second-place', 'ledger', 'events'] })
  readonly check!: Finding['check'];

  @ApiProperty({ description: 'A code, such as `tile-differs`, `missing`, `differs`' })
  readonly kind!: string;

  @ApiPropertyOptional({ description: 'Of the first entry that it is about; decimal' })
  readonly position?: string;

  @ApiProperty()
  readonly says!: string;
}

class FailingDto implements FailingState {
  @ApiProperty({ format: 'date-time' })
  readonly since!: string;

  @ApiProperty({ type: FindingDto, isArray: true })
  readonly findings!: readonly FindingDto[];

  @ApiProperty({ description: 'How many there were beside these' })
  readonly more!: number;
}

class LedgerDto implements Verification {
  @ApiProperty({
    type: VerifiedDto,
    nullable: true,
    description: 'The last time that all of it was in order',
  })
  readonly verified!: VerifiedDto | null;

  @ApiProperty({ type: FailingDto, nullable: true, description: 'What does not agree since; null: nothing' })
  readonly failing!: FailingDto | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Since when nothing that happens is sealed; null: it is',
  })
  readonly unsealedSince!: string | null;
}

class ClockDto implements ClockStatus {
  @ApiProperty({ description: 'Of the servers that stamp events' })
  readonly server!: string;

  @ApiProperty({ description: 'The machine, by its own name' })
  readonly host!: string;

  @ApiProperty({ enum: ['synchronised', 'not-synchronised', 'unknown'] })
  readonly synchronisation!: ClockStatus['synchronisation'];

  @ApiProperty({ description: 'Who says so: chrony, timedatectl, timesyncd, or none' })
  readonly source!: string;

  @ApiProperty({ description: 'When that was noted', format: 'date-time' })
  readonly since!: string;
}

class StatusDto implements Status {
  @ApiProperty({ type: SiteDto })
  readonly site!: SiteDto;

  @ApiProperty({ type: String, nullable: true, description: 'Of the newest event' })
  readonly position!: string | null;

  @ApiProperty({ type: ProjectionStatusDto, isArray: true })
  readonly projections!: readonly ProjectionStatusDto[];

  @ApiProperty({ description: 'Whether PostgreSQL is the embedded one, which is for evaluation' })
  readonly evaluationDatabase!: boolean;

  @ApiProperty({ type: EventStoreDto, description: 'Where the events are' })
  readonly eventStore!: EventStoreDto;

  @ApiProperty({
    type: [String],
    nullable: true,
    description: 'Names of sinks that take nothing; null: what is recorded of the sinks cannot be read',
  })
  readonly failingSinks!: readonly string[] | null;

  @ApiProperty({ type: [String], nullable: true, description: 'null as `failingSinks`' })
  readonly pausedSinks!: readonly string[] | null;

  @ApiProperty({
    type: ClockDto,
    isArray: true,
    nullable: true,
    description: 'The clocks that events are stamped by; null: what is recorded of them cannot be read',
  })
  readonly clocks!: readonly ClockDto[] | null;

  @ApiProperty({ type: LedgerDto, description: 'What verifying ledger and events has come to' })
  readonly ledger!: LedgerDto;
}

@ApiTags('site')
@ApiBearerAuth()
@Controller('v1/status')
export class ShowStatusRoute {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ operationId: 'showStatus', summary: 'How far the history and its read models are' })
  @ApiOkResponse({ type: StatusDto })
  async show(): Promise<StatusDto> {
    return this.queries.execute(new ShowStatus());
  }
}
