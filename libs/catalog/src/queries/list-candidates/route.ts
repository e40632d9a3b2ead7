import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, Length } from 'class-validator';
import { IsAfter, IsLimit } from '#platform/http/page';
import { DEFAULT_RING, requireKnownRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { CandidatePageDto } from './candidate.dto.js';
import { ListCandidates } from './query.js';

class ListCandidatesDto {
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

  @IsAfter('candidates', /^[\w-]{1,40} [\w./+-]{1,128} \w{1,40}$/)
  after?: string;

  @IsLimit(100, 1000)
  limit?: number;
}

@ApiTags('upstream')
@ApiBearerAuth()
@Controller('v1/candidates')
export class ListCandidatesRoute {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listCandidates',
    summary: 'What is held while upstream has another revision, or a newer snap-declaration, by name',
  })
  @ApiOkResponse({ type: CandidatePageDto })
  async list(
    @Query() { ring = DEFAULT_RING, snap, after, limit = 100 }: ListCandidatesDto,
  ): Promise<CandidatePageDto> {
    await requireKnownRing(this.streams, ring);
    return this.queries.execute(new ListCandidates({ ring, snap, after, limit }));
  }
}
