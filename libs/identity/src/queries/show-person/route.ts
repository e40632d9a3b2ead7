import { Controller, Get, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { PersonLineDto } from '../person-line.dto.js';
import { ShowPerson } from './query.js';

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/people')
export class ShowPersonRoute {
  constructor(private readonly queries: QueryBus) {}

  @Get(':person')
  @ApiOperation({ operationId: 'showPerson', summary: 'One person, also who is disabled' })
  @ApiParam({ name: 'person', description: 'A login, or an id' })
  @ApiOkResponse({ type: PersonLineDto })
  show(@Param('person') person: string): Promise<PersonLineDto> {
    return this.queries.execute(new ShowPerson(person));
  }
}
