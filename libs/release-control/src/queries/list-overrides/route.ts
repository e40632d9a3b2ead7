import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { GivenToken, requireRing, TakesTokens, type OpenToken } from '#identity/published';
import { DEFAULT_RING, requireKnownRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { IsAfter, IsLimit } from '#platform/http/page';
import { STREAM_WRITER } from '#platform/tokens';
import { OverrideDto } from './override.dto.js';
import { ListOverrides } from './query.js';

class ListOverridesDto {
  @ApiPropertyOptional({ default: DEFAULT_RING })
  @IsOptional()
  @IsString()
  @Length(1, 64)
  ring?: string;

  @ApiPropertyOptional({ description: 'Only those of this snap' })
  @IsOptional()
  @IsString()
  @Length(1, 40)
  snap?: string;

  @IsAfter('overrides', /^[\w-]{1,40} [\w./+-]{1,128} \w{1,40}$/)
  after?: string;

  @IsLimit(1000, 5000)
  limit?: number;
}

class OverridesDto {
  @ApiProperty({ type: [OverrideDto] })
  overrides!: OverrideDto[];

  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

@ApiTags('release policy')
@ApiBearerAuth()
@Controller('v1/overrides')
export class ListOverridesRoute {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  @TakesTokens()
  @Get()
  @ApiOperation({
    operationId: 'listOverrides',
    summary: 'What is held, for whom, since when and by which change request',
  })
  @ApiOkResponse({ type: OverridesDto })
  async list(
    @Query() { ring = DEFAULT_RING, snap, after, limit = 1000 }: ListOverridesDto,
    @GivenToken() token?: OpenToken,
  ): Promise<OverridesDto> {
    if (token) requireRing(token, ring);
    await requireKnownRing(this.streams, ring);
    const names = snap === undefined ? undefined : [snap];
    const page = await this.queries.execute(new ListOverrides({ ring, names }, { after, limit }));
    return { overrides: page.overrides.map(OverrideDto.of), next: page.next };
  }
}
