import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsRfc3339Time } from '#platform/http/is-time';
import { PersonDto } from '../../person.dto.js';
import { ListRights, type RightsThen } from './query.js';

class ListRightsDto {
  @ApiProperty({ format: 'date-time' })
  @IsRfc3339Time()
  at!: string;
}

class RightsThenDto extends PersonDto implements RightsThen {
  @ApiProperty()
  readonly disabled!: boolean;
}

class RightsDto {
  @ApiProperty({ type: RightsThenDto, isArray: true })
  readonly people!: readonly RightsThenDto[];
}

@ApiTags('people')
@ApiBearerAuth()
@Controller('v1/rights')
export class ListRightsRoute {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ operationId: 'listRights', summary: 'Who had which role at a time, from the history' })
  @ApiOkResponse({ type: RightsDto })
  async list(@Query() { at }: ListRightsDto): Promise<RightsDto> {
    return { people: await this.queries.execute(new ListRights(at)) };
  }
}
