import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentToken, requireRing, TakesTokens, type OpenToken } from '#identity/published';
import { DEFAULT_RING } from '../domain/release-policy/release-policy.js';
import { ListOverrides } from '../queries/list-overrides/query.js';
import { OverrideFields, OverridesAnswer } from './override-fields.js';
import { RingQuery } from './ring-query.dto.js';

@ApiTags('the overrides API of the Snap Store Proxy')
@ApiBearerAuth()
@TakesTokens()
@Controller('v2/metadata/overrides')
export class ListStoreOverridesRoute {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

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
    const held = await this.queries.execute(new ListOverrides({ ring, names }));
    return { overrides: held.filter(({ format }) => format === 'snap').map(OverrideFields.ofHeld) };
  }
}
