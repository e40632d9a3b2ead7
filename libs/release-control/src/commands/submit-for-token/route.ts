import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { CurrentToken, requireRing, TakesTokens, tokenContext, type OpenToken } from '#identity/published';
import { TakesLargeBody } from '#platform/http/large-body';
import { CLOCK } from '#platform/tokens';
import { DEFAULT_RING } from '#fleet/published';
import { AskedItemsDto } from '../draft-change/asked-items.dto.js';
import { toItem } from '../draft-change/item.dto.js';
import { OutcomeDto } from '../outcome.dto.js';
import { SubmitForToken } from './command.js';

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('v1/token-submissions')
export class SubmitForTokenRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @TakesTokens()
  @TakesLargeBody()
  @Post()
  @HttpCode(202)
  @ApiOperation({
    operationId: 'submitForToken',
    summary: 'Ask for a change with a token, whose standing reason it gets',
    description: 'Who asks for the same again is answered with the request that there is.',
  })
  @ApiAcceptedResponse({ type: OutcomeDto })
  async submit(@Body() body: AskedItemsDto, @CurrentToken() token: OpenToken): Promise<OutcomeDto> {
    const { ring = DEFAULT_RING, items, ifPolicy } = body;
    requireRing(token, ring);
    for (const item of items) if (item.kind === 'promotion') requireRing(token, item.from);
    const context = tokenContext(token, this.clock);
    return this.commands.execute(
      new SubmitForToken(token.actor.id, ring, items.map(toItem), context, ifPolicy),
    );
  }
}
