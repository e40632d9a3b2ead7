import { Controller, Get, Inject } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { shownSink, SinkDto } from '../../sink.dto.js';
import { ListSinks, type SinkProgress } from './query.js';

class TryingDto {
  @ApiProperty()
  readonly position!: string;

  @ApiProperty()
  readonly since!: string;

  @ApiProperty()
  readonly attempts!: number;

  @ApiProperty()
  readonly nextAt!: string;

  @ApiProperty({ example: 'it answers with status 503' })
  readonly why!: string;
}

class SinkLineDto extends SinkDto implements SinkProgress {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Of the first event that it was not told of yet',
  })
  readonly nextPosition!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'When it took an event last' })
  readonly deliveredAt!: string | null;

  @ApiProperty({ type: TryingDto, nullable: true, description: 'The event that it does not take' })
  readonly trying!: TryingDto | null;

  @ApiProperty({ description: 'How many events were given up' })
  readonly deadLetters!: number;
}

class SinksDto {
  @ApiProperty({ type: [SinkLineDto] })
  readonly sinks!: readonly SinkLineDto[];
}

@ApiTags('sinks')
@ApiBearerAuth()
@Controller('v1/sinks')
export class ListSinksRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ operationId: 'listSinks', summary: 'Where events go, and how far each sink is' })
  @ApiOkResponse({ type: SinksDto })
  async list(): Promise<SinksDto> {
    const lines = await this.queries.execute(new ListSinks());
    return { sinks: lines.map(({ sink, progress }) => ({ ...shownSink(sink), ...progress })) };
  }
}
