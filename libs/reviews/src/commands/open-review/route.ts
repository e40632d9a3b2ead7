import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import { IsRfc3339Time } from '#platform/http/is-time';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { IsLeftOut } from '#platform/http/is-left-out';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { ReviewOutcomeDto } from '../outcome.js';
import { OpenReview, type Asked } from './command.js';

const POSITION = /^(0|[1-9][0-9]{0,17})$/;
const PLACE = { message: 'must be a position of the trail: a number from 0 on' };

class OpenReviewDto {
  @ApiPropertyOptional({
    format: 'date-time',
    description:
      'When the next one of its kind is due. Left out: after the period that the site has for the kind',
  })
  @IsLeftOut()
  @IsRfc3339Time()
  nextDue?: string;

  @IsReason()
  reason!: ReasonDto;
}

class OpenAccessReviewDto extends OpenReviewDto {
  @ApiPropertyOptional({ format: 'date-time', description: 'Who had which right then. Left out: now' })
  @IsLeftOut()
  @IsRfc3339Time()
  asOf?: string;
}

class OpenPeriodicReviewDto extends OpenReviewDto {
  @ApiPropertyOptional({ format: 'date-time', description: 'Left out: where the last one ended' })
  @IsLeftOut()
  @IsRfc3339Time()
  from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Before this time. Left out: now' })
  @IsLeftOut()
  @IsRfc3339Time()
  to?: string;
}

class OpenTrailReviewDto extends OpenReviewDto {
  @ApiPropertyOptional({
    pattern: POSITION.source,
    description:
      'Where the last one ended, which is where this one begins: refused when it is another position',
  })
  @IsLeftOut()
  @IsString()
  @Matches(POSITION, PLACE)
  from?: string;

  @ApiPropertyOptional({
    pattern: POSITION.source,
    description: 'Positions below it. Left out: to the end of the trail',
  })
  @IsLeftOut()
  @IsString()
  @Matches(POSITION, PLACE)
  to?: string;
}

@ApiTags('reviews')
@ApiBearerAuth()
@Controller('v1/reviews')
export class OpenReviewRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('access')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'openAccessReview',
    summary: 'Begin a review of who may do what: rights and tokens, as they were at a time',
  })
  @ApiOkResponse({ type: ReviewOutcomeDto })
  access(
    @Body() { asOf, ...body }: OpenAccessReviewDto,
    @CurrentSession() session: Session,
  ): Promise<ReviewOutcomeDto> {
    return this.open({ kind: 'access', asOf: utc(asOf) }, body, session);
  }

  @Post('periodic')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'openPeriodicReview',
    summary: 'Begin a review of a period: changes, incidents, people, restores, failures, from the trail',
  })
  @ApiOkResponse({ type: ReviewOutcomeDto })
  periodic(
    @Body() { from, to, ...body }: OpenPeriodicReviewDto,
    @CurrentSession() session: Session,
  ): Promise<ReviewOutcomeDto> {
    return this.open({ kind: 'periodic', from: utc(from), to: utc(to) }, body, session);
  }

  @Post('trail')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'openTrailReview',
    summary: 'Begin a review of the trail, from where the last one ended',
  })
  @ApiOkResponse({ type: ReviewOutcomeDto })
  trail(
    @Body() { from, to, ...body }: OpenTrailReviewDto,
    @CurrentSession() session: Session,
  ): Promise<ReviewOutcomeDto> {
    return this.open({ kind: 'trail', from, to }, body, session);
  }

  private open(
    asked: Asked,
    { nextDue, reason }: OpenReviewDto,
    session: Session,
  ): Promise<ReviewOutcomeDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    return this.commands.execute(new OpenReview(asked, utc(nextDue), context));
  }
}

/** As times are compared: RFC 3339, UTC, with milliseconds. */
function utc(time: string | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}
