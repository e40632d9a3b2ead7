import { Body, Controller, Headers, Inject, Post, Query, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiTags,
} from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { CurrentToken, requireRing, TakesTokens, tokenContext, type OpenToken } from '#identity/published';
import { HttpError } from '#platform/http/errors';
import { TakesLargeBody } from '#platform/http/large-body';
import { CLOCK } from '#platform/tokens';
import { wasApplied } from '../domain/change-request/state.js';
import { SubmitForToken } from '../commands/submit-for-token/command.js';
import { DEFAULT_RING } from '#fleet/published';
import { InForce } from '../queries/in-force.js';
import { askedOverrides, SERIES } from './asked-overrides.js';
import { OverrideFields, OverridesAnswer } from './override-fields.js';
import { RingQuery } from './ring-query.dto.js';

class AskedOverrideDto {
  @ApiProperty({ example: 'lab-hello' })
  snap_name!: string;

  @ApiProperty({ type: Number, nullable: true, description: 'null deletes the override' })
  revision!: number | null;

  @ApiProperty({ example: 'stable' })
  channel!: string;

  @ApiProperty({ enum: [SERIES] })
  series!: string;
}

interface Reply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
}

@ApiTags('the overrides API of the Snap Store Proxy')
@ApiBearerAuth()
@TakesTokens()
@Controller('v2/metadata/overrides')
export class SubmitStoreOverridesRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(InForce) private readonly inForce: InForce,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @TakesLargeBody()
  @Post()
  @ApiOperation({
    operationId: 'submitStoreOverrides',
    summary: 'Ask for overrides, and for their deletion, in one change request',
    description:
      'Its address is in Location. Each item is answered with the override that is in force until it is decided.',
  })
  @ApiBody({ type: [AskedOverrideDto] })
  @ApiAcceptedResponse({ type: OverridesAnswer, description: 'Asked for; it waits for an approver' })
  @ApiOkResponse({
    type: OverridesAnswer,
    description: 'The same was asked for before, was applied, and is in force',
  })
  async submit(
    @Body() body: unknown,
    @Query() { ring = DEFAULT_RING }: RingQuery,
    @Headers('x-ubuntu-series') series: string | undefined,
    @CurrentToken() token: OpenToken,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<OverridesAnswer> {
    requireRing(token, ring);
    if (series !== undefined && series !== SERIES) {
      throw new HttpError('invalid-request', `X-Ubuntu-Series is ${SERIES}: there is no other series`);
    }
    const items = askedOverrides(body);
    // Looked up first: once the request is in the record, nothing may fail that would have it asked for again.
    const inForce = await this.inForce.of(ring, items);
    const context = tokenContext(token, this.clock);
    const { id, status } = await this.commands.execute(
      new SubmitForToken(token.actor.id, ring, items, context),
    );
    reply.status(wasApplied(status) ? 200 : 202);
    reply.header('location', `/v1/change-requests/${id}`);
    const overrides = inForce.map((line) =>
      line.held ? OverrideFields.ofHeld(line.held) : OverrideFields.ofTracked(line.tracked),
    );
    return { overrides };
  }
}
