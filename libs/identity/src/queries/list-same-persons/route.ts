import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ListSamePersons, type SamePersonLine } from './query.js';

class SamePersonLineDto implements SamePersonLine {
  @ApiProperty({ type: [String], description: 'By login' })
  readonly accounts!: readonly string[];

  @ApiProperty({
    enum: ['declared', 'revoked', 'asked', 'revocation-asked'],
    description: '`asked` and `revocation-asked` wait for a second person',
  })
  readonly status!: SamePersonLine['status'];

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null: it never held' })
  readonly from!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly until!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The name of who asked for what waits' })
  readonly requestedBy!: string | null;
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/same-persons')
export class ListSamePersonsRoute {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    operationId: 'listSamePersons',
    summary: "Which accounts were declared one person's, and what waits to be confirmed",
  })
  @ApiOkResponse({ type: SamePersonLineDto, isArray: true })
  async list(): Promise<readonly SamePersonLineDto[]> {
    return this.queries.execute(new ListSamePersons());
  }
}
