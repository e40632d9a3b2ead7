import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { DEFAULT_RING, requireKnownRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
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
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'showAccess',
    summary: "A ring's access policy, what it denies and allows, since when and by which change request",
  })
  @ApiOkResponse({ type: AccessPolicyDto })
  async show(@Query() { ring = DEFAULT_RING }: ShowAccessDto): Promise<AccessPolicyDto> {
    await requireKnownRing(this.streams, ring);
    return AccessPolicyDto.of(await this.queries.execute(new ShowAccess(ring)));
  }
}
