import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsAfter, IsLimit } from '#platform/http/page';
import { POSITION } from '../../commands/require-position.js';
import { SinkParam } from '../../sink.dto.js';
import { ListDeadLetters, type DeadLetter, type DeadLetterPage } from './query.js';

class ListDeadLettersDto {
  @IsAfter('dead-letters', POSITION, true)
  after?: string;

  @IsLimit(100, 1000)
  limit?: number;
}

class DeadLetterDto implements DeadLetter {
  @ApiProperty({ description: 'Of the event in the history' })
  readonly position!: string;

  @ApiProperty({ description: 'Its id' })
  readonly event!: string;

  @ApiProperty({ example: 'OverrideSet' })
  readonly type!: string;

  @ApiProperty()
  readonly stream!: string;

  @ApiProperty({ description: 'Of the first try' })
  readonly since!: string;

  @ApiProperty()
  readonly givenUpAt!: string;

  @ApiProperty()
  readonly attempts!: number;

  @ApiProperty({ example: 'it answers with status 404' })
  readonly why!: string;
}

class DeadLetterPageDto implements DeadLetterPage {
  @ApiProperty({ type: [DeadLetterDto] })
  readonly deadLetters!: readonly DeadLetterDto[];

  @ApiProperty({ type: String, nullable: true })
  readonly next!: string | null;
}

@ApiTags('sinks')
@ApiBearerAuth()
@Controller('v1/sinks/:name/dead-letters')
export class ListDeadLettersRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    operationId: 'listDeadLetters',
    summary: 'What a sink was not told of, since it was given up',
  })
  @ApiOkResponse({ type: DeadLetterPageDto })
  list(
    @Param() { name }: SinkParam,
    @Query() { after, limit = 100 }: ListDeadLettersDto,
  ): Promise<DeadLetterPageDto> {
    return this.queries.execute(new ListDeadLetters(name, { after, limit }));
  }
}
