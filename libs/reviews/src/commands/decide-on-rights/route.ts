import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiPropertyOptional,
  ApiTags,
} from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsIn,
  IsInt,
  IsString,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { IsLeftOut } from '#platform/http/is-left-out';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { ChangeReview } from '../change-review.js';
import { ReviewOutcomeDto } from '../outcome.js';

const MOST_LINES = 100_000;

class RightDecisionDto {
  @ApiProperty({ minimum: 1, description: "The line's number" })
  @IsInt()
  @Min(1)
  @Max(MOST_LINES)
  line!: number;

  @ApiProperty({ enum: ['keep', 'revoke'] })
  @IsIn(['keep', 'revoke'])
  decision!: 'keep' | 'revoke';

  @ApiPropertyOptional({ maxLength: 500 })
  @IsLeftOut()
  @IsString()
  @Length(1, 500)
  comment?: string;
}

class DecideOnRightsDto {
  @ApiProperty({ type: [RightDecisionDto], description: 'Each line once' })
  @ValidateNested({ each: true })
  @Type(() => RightDecisionDto)
  @ArrayMinSize(1)
  @ArrayMaxSize(5_000)
  decisions!: RightDecisionDto[];

  @IsReason()
  reason!: ReasonDto;
}

@ApiTags('reviews')
@ApiBearerAuth()
@Controller('v1/reviews')
export class DecideOnRightsRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post(':id/decisions')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'decideOnRights',
    summary: 'Say which rights of an access review stay, and which are to be revoked; of none of your own',
    description: 'Revokes nothing: an admin does. Signatures that were made before are void.',
  })
  @ApiOkResponse({ type: ReviewOutcomeDto })
  decide(
    @Param('id') id: string,
    @Body() { decisions, reason }: DecideOnRightsDto,
    @CurrentSession() session: Session,
  ): Promise<ReviewOutcomeDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    const given = decisions.map(({ line, decision, comment }) => ({
      line,
      decision,
      ...(comment === undefined ? {} : { comment }),
    }));
    return this.commands.execute(new ChangeReview(id, { type: 'DecideOnRights', decisions: given, context }));
  }
}
