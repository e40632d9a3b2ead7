import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsInt, IsString, Length, Max, Min } from 'class-validator';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { ChangeReview } from '../change-review.js';
import { ReviewOutcomeDto } from '../outcome.js';

class CloseDeviationDto {
  @ApiProperty({ minimum: 1, description: 'Its number among the findings of the review, counted from 1' })
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  finding!: number;

  @ApiProperty({ minLength: 1, maxLength: 200, description: 'The record elsewhere of what was done: a CAPA' })
  @IsString()
  @Length(1, 200)
  ticket!: string;

  @IsReason()
  reason!: ReasonDto;
}

@ApiTags('reviews')
@ApiBearerAuth()
@Controller('v1/reviews')
export class CloseDeviationRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post(':id/closed-deviations')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'closeDeviation',
    summary: 'Close a deviation that a review found, with the record elsewhere of what was done about it',
    description: 'Also of a review that is over. Nothing of what was signed changes.',
  })
  @ApiOkResponse({ type: ReviewOutcomeDto })
  close(
    @Param('id') id: string,
    @Body() { finding, ticket, reason }: CloseDeviationDto,
    @CurrentSession() session: Session,
  ): Promise<ReviewOutcomeDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new ChangeReview(id, { type: 'CloseDeviation', finding, ticket, context }));
  }
}
