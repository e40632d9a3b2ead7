import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ShowStatus, type EventStoreStatus, type ProjectionStatus, type Status } from './query.js';

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

  @ApiProperty({ type: [String], description: 'Names of sinks that take nothing' })
  readonly failingSinks!: readonly string[];

  @ApiProperty({ type: [String] })
  readonly pausedSinks!: readonly string[];
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
