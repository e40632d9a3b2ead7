import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsAfter, IsLimit } from '#platform/http/page';
import { PersonLineDto } from '../person-line.dto.js';
import { ListPeople } from './query.js';

class ListPeopleDto {
  @IsAfter('people', /^[a-z][a-z0-9._-]{1,31}$/)
  after?: string;

  @IsLimit(500, 1000)
  limit?: number;
}

class PeopleDto {
  @ApiProperty({ type: PersonLineDto, isArray: true })
  readonly people!: readonly PersonLineDto[];

  @ApiProperty({ type: String, nullable: true })
  readonly next!: string | null;
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people')
export class ListPeopleRoute {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ operationId: 'listPeople', summary: 'People by login, the disabled too' })
  @ApiOkResponse({ type: PeopleDto })
  async list(@Query() { after, limit = 500 }: ListPeopleDto): Promise<PeopleDto> {
    return this.queries.execute(new ListPeople({ after, limit }));
  }
}
