import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { ReasonOnlyDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { ChangeReview } from '../change-review.js';
import { ReviewOutcomeDto } from '../outcome.js';

@ApiTags('reviews')
@ApiBearerAuth()
@Controller('v1/reviews')
export class WithdrawReviewRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post(':id/withdraw')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'withdrawReview',
    summary: 'End a review that nobody will sign; it stays on record',
  })
  @ApiOkResponse({ type: ReviewOutcomeDto })
  withdraw(
    @Param('id') id: string,
    @Body() { reason }: ReasonOnlyDto,
    @CurrentSession() session: Session,
  ): Promise<ReviewOutcomeDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new ChangeReview(id, { type: 'WithdrawReview', context }));
  }
}
