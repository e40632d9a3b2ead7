import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { DEFAULT_RING } from '../../domain/release-policy/release-policy.js';
import { AccessPolicyDto } from './access.dto.js';
import { ShowAccess } from './query.js';

class ShowAccessDto {
  @ApiPropertyOptional({ default: DEFAULT_RING })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  ring?: string;
}

@ApiTags('release policy')
@ApiBearerAuth()
@Controller('v1/access')
export class ShowAccessRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({
    operationId: 'showAccess',
    summary: "A ring's access policy, what it denies and allows, since when and by which change request",
  })
  @ApiOkResponse({ type: AccessPolicyDto })
  async show(@Query() { ring = DEFAULT_RING }: ShowAccessDto): Promise<AccessPolicyDto> {
    return AccessPolicyDto.of(await this.queries.execute(new ShowAccess(ring)));
  }
}
