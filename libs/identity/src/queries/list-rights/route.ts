import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsISO8601, IsRFC3339 } from 'class-validator';
import { PersonDto } from '../../person.dto.js';
import { ListRights, type RightsThen } from './query.js';

const TIME = { message: 'must be a time such as 2026-11-22T12:48:14Z (RFC 3339)' };

class ListRightsDto {
  @ApiProperty({ format: 'date-time' })
  @IsRFC3339(TIME)
  @IsISO8601({ strict: true }, TIME)
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
