import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentToken, requireRing, TakesTokens, type OpenToken } from '#identity/published';
import { DEFAULT_RING, requireKnownRing } from '#fleet/published';
import type { StreamWriter } from '#platform/decide-and-append';
import { STREAM_WRITER } from '#platform/tokens';
import { ListOverrides } from '../queries/list-overrides/query.js';
import { OverrideFields, OverridesAnswer } from './override-fields.js';
import { RingQuery } from './ring-query.dto.js';

@ApiTags('the overrides API of the Snap Store Proxy')
@ApiBearerAuth()
@TakesTokens()
@Controller('v2/metadata/overrides')
export class ListStoreOverridesRoute {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listAllStoreOverrides', summary: 'The overrides in force, of all snaps' })
  @ApiOkResponse({ type: OverridesAnswer })
  all(@Query() query: RingQuery, @CurrentToken() token: OpenToken): Promise<OverridesAnswer> {
    return this.list(query, token, undefined);
  }

  @Get(':snap')
  @ApiOperation({ operationId: 'listStoreOverrides', summary: 'The overrides in force, of one snap' })
  @ApiOkResponse({ type: OverridesAnswer })
  ofSnap(
    @Param('snap') snap: string,
    @Query() query: RingQuery,
    @CurrentToken() token: OpenToken,
  ): Promise<OverridesAnswer> {
    return this.list(query, token, [snap]);
  }

  private async list(
    { ring = DEFAULT_RING }: RingQuery,
    token: OpenToken,
    names: readonly string[] | undefined,
  ): Promise<OverridesAnswer> {
    requireRing(token, ring);
    await requireKnownRing(this.streams, ring);
    const { overrides: held } = await this.queries.execute(new ListOverrides({ ring, names }));
    return { overrides: held.filter(({ format }) => format === 'snap').map(OverrideFields.ofHeld) };
  }
}
