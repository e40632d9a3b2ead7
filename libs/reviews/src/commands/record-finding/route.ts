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
import { IsBoolean, IsIn, IsString, Length, Matches, ValidateIf } from 'class-validator';
import type { Clock } from '#kernel';
import { CurrentSession, type Session } from '#identity/published';
import { commandContext } from '#platform/http/command-context';
import { IsLeftOut } from '#platform/http/is-left-out';
import { IsRfc3339Time } from '#platform/http/is-time';
import { IsReason, ReasonDto } from '#platform/http/reason.dto';
import { CLOCK } from '#platform/tokens';
import { ReviewsError } from '../../domain/errors.js';
import { LONGEST_DEVIATION_DAYS, USUAL_DEVIATION_DAYS } from '../../domain/kinds.js';
import type { GivenFinding } from '../../domain/review/commands.js';
import { ChangeReview } from '../change-review.js';
import { ReviewOutcomeDto } from '../outcome.js';

const KINDS = ['note', 'deviation', 'verifier-result'] as const;
const POSITION = /^(0|[1-9][0-9]{0,17})$/;
const isVerifierResult = ({ kind }: RecordFindingDto) => kind === 'verifier-result';
const isPassed = ({ kind, passed }: RecordFindingDto) => kind === 'verifier-result' && passed === true;

class RecordFindingDto {
  @ApiProperty({ enum: KINDS, description: 'A deviation has a ticket: its record elsewhere' })
  @IsIn(KINDS)
  kind!: (typeof KINDS)[number];

  @ApiProperty({ minLength: 1, maxLength: 2_000 })
  @IsString()
  @Length(1, 2_000)
  text!: string;

  @ApiPropertyOptional({ pattern: POSITION.source, description: 'Of the event that it is about' })
  @IsLeftOut()
  @IsString()
  @Matches(POSITION, { message: 'must be a position of the trail: a number from 0 on' })
  position?: string;

  @ApiPropertyOptional({ maxLength: 200, description: 'The record elsewhere; a deviation has one' })
  @ValidateIf(({ kind, ticket }: RecordFindingDto) => kind === 'deviation' || ticket !== undefined)
  @IsString({ message: 'must name the record of the deviation' })
  @Length(1, 200)
  ticket?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: `Of a deviation: when it is to be closed, within ${LONGEST_DEVIATION_DAYS} days; without, after ${USUAL_DEVIATION_DAYS}`,
  })
  @IsLeftOut()
  @IsRfc3339Time()
  due?: string;

  @ApiPropertyOptional({ description: "Of a verifier's result: whether the history held" })
  @ValidateIf(isVerifierResult)
  @IsBoolean()
  passed?: boolean;

  @ApiPropertyOptional({
    pattern: POSITION.source,
    description: "Of a verifier's result that passed: how many entries were verified",
  })
  @ValidateIf(isPassed)
  @IsString()
  @Matches(POSITION, { message: 'must be a number from 0 on' })
  entries?: string;

  @ApiPropertyOptional({
    description: "Of a verifier's result that passed: the root of the tree, SHA-256 in hex",
  })
  @ValidateIf(isPassed)
  @IsString()
  @Matches(/^[0-9a-f]{64}$/, { message: 'must be a SHA-256: 64 small hex digits' })
  root?: string;

  @IsReason()
  reason!: ReasonDto;
}

@ApiTags('reviews')
@ApiBearerAuth()
@Controller('v1/reviews')
export class RecordFindingRoute {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post(':id/findings')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'recordFinding',
    summary: 'Say what was found: a note, a deviation with its record elsewhere, or what the verifier said',
    description: 'Signatures that were made before are void.',
  })
  @ApiOkResponse({ type: ReviewOutcomeDto })
  record(
    @Param('id') id: string,
    @Body() { reason, ...given }: RecordFindingDto,
    @CurrentSession() session: Session,
  ): Promise<ReviewOutcomeDto> {
    const context = commandContext({ session, reason, clock: this.clock });
    const finding = findingOf(given);
    return this.commands.execute(new ChangeReview(id, { type: 'RecordFinding', finding, context }));
  }
}

/** @throws ReviewsError `invalid-due` */
function findingOf(given: Omit<RecordFindingDto, 'reason'>): GivenFinding {
  const { kind, text, position, ticket, due, passed = false, entries = '', root = '' } = given;
  if (due !== undefined && kind !== 'deviation')
    throw new ReviewsError(
      'invalid-due',
      `a ${kind} is nothing that is closed: only a deviation has a due time`,
    );
  const said = {
    text,
    ...(position === undefined ? {} : { position }),
    ...(ticket === undefined ? {} : { ticket }),
  };
  if (kind === 'note') return { kind, ...said };
  if (kind === 'deviation')
    return { kind, ...said, ...(due === undefined ? {} : { due: new Date(due).toISOString() }) };
  return passed ? { kind, ...said, passed, entries, root } : { kind, ...said, passed };
}
