import { Controller, Get, Inject, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { SyncFailure, SyncOutcome } from '../../domain/sync/sync.js';
import { ShowSync, SYNC_STATUSES, type SyncView } from './query.js';

class SyncFailureDto implements SyncFailure {
  @ApiProperty()
  snap!: string;

  @ApiProperty({ example: 'snap-not-found' })
  code!: string;

  @ApiProperty()
  message!: string;
}

class SyncOutcomeDto implements SyncOutcome {
  @ApiProperty({ description: 'Snaps that were looked at, whatever came of it' })
  done!: number;

  @ApiProperty({ description: 'Those that were not as they had been' })
  changed!: number;

  @ApiProperty({ type: [SyncFailureDto] })
  failures!: readonly SyncFailureDto[];

  @ApiProperty({ description: 'Failures that did not fit in the list' })
  moreFailures!: number;

  @ApiProperty({ description: 'Snaps that were left, since upstream was away' })
  notAsked!: number;
}

class SyncDto implements SyncView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: SYNC_STATUSES })
  status!: SyncView['status'];

  @ApiProperty()
  requestedBy!: string;

  @ApiProperty()
  requestedAt!: string;

  @ApiProperty({ type: Number, nullable: true, description: 'null until the worker has begun' })
  total!: number | null;

  @ApiProperty()
  done!: number;

  @ApiProperty({ type: SyncOutcomeDto, nullable: true, description: 'null until it is done' })
  outcome!: SyncOutcomeDto | null;
}

@ApiTags('upstream')
@ApiBearerAuth()
@Controller('v1/syncs')
export class ShowSyncRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get(':id')
  @ApiOperation({ operationId: 'showSync', summary: 'How far a look at upstream is, and what came of it' })
  @ApiOkResponse({ type: SyncDto })
  show(@Param('id') id: string): Promise<SyncDto> {
    return this.queries.execute(new ShowSync(id));
  }
}
