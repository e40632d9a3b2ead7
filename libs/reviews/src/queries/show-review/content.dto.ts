import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  SECTIONS,
  type ActorLine,
  type ChangeLine,
  type ContentOf,
  type PeriodicLine,
  type RightLine,
  type Section,
  type TokenLine,
  type TypeLine,
} from '../../domain/content.js';
import type { ClosedDeviation, Decision, Finding } from '../../domain/review/events.js';
import type { ShownDeviation } from './query.js';

export class ReviewedRightDto implements RightLine {
  @ApiProperty({ enum: ['right'] })
  of!: 'right';
  @ApiProperty({ format: 'uuid' })
  person!: string;
  @ApiProperty()
  login!: string;
  @ApiProperty()
  name!: string;
  @ApiProperty({ type: String, nullable: true, description: 'null: an account without any' })
  role!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'null: in every ring' })
  ring!: string | null;
}

export class ReviewedTokenDto implements TokenLine {
  @ApiProperty({ enum: ['token'] })
  of!: 'token';
  @ApiProperty({ format: 'uuid', description: 'Whose it is' })
  person!: string;
  @ApiProperty()
  login!: string;
  @ApiProperty()
  name!: string;
  @ApiProperty()
  token!: string;
  @ApiProperty({ type: [String] })
  rings!: readonly string[];
  @ApiProperty()
  expiresAt!: string;
}

class PeriodicLineDto implements PeriodicLine {
  @ApiProperty({ enum: SECTIONS })
  section!: Section;
  @ApiProperty()
  position!: string;
  @ApiProperty()
  at!: string;
  @ApiProperty()
  type!: string;
  @ApiProperty({ example: 'change-request/CR-2026-0042' })
  about!: string;
  @ApiProperty()
  by!: string;
  @ApiProperty()
  text!: string;
}

export class TypeLineDto implements TypeLine {
  @ApiProperty({ enum: ['type'] })
  of!: 'type';
  @ApiProperty({ example: 'ChangeApproved' })
  type!: string;
  @ApiProperty()
  events!: number;
}

export class ActorLineDto implements ActorLine {
  @ApiProperty({ enum: ['actor'] })
  of!: 'actor';
  @ApiProperty({ format: 'uuid' })
  person!: string;
  @ApiProperty()
  name!: string;
  @ApiProperty()
  events!: number;
}

export class ChangeLineDto implements ChangeLine {
  @ApiProperty({ enum: ['change'] })
  of!: 'change';
  @ApiProperty({ example: 'CR-2026-0042' })
  changeRequest!: string;
  @ApiProperty()
  events!: number;
  @ApiProperty({ description: 'The number of the last of them in the record of the request' })
  through!: string;
}

class AccessScopeDto {
  @ApiProperty({ description: 'Who had which right at this time' })
  asOf!: string;
  @ApiProperty({ description: 'All of it follows from so many events of the trail' })
  size!: string;
}

class PeriodicScopeDto {
  @ApiProperty()
  from!: string;
  @ApiProperty({ description: 'Before this time' })
  to!: string;
  @ApiProperty({ description: 'All that there were in the period' })
  events!: number;
  @ApiProperty({ description: 'All of it follows from so many events of the trail' })
  size!: string;
}

class TrailScopeDto {
  @ApiProperty({ description: 'The first position' })
  from!: string;
  @ApiProperty({ description: 'Positions below it' })
  to!: string;
  @ApiProperty({
    description:
      "SHA-256, hex, of a line for each event: the hex SHA-256 of the event's bytes, and a line feed",
  })
  digest!: string;
  @ApiProperty({ description: 'So many events the trail had' })
  size!: string;
}

export class AccessContentDto implements ContentOf<'access'> {
  @ApiProperty({ enum: ['access'] })
  kind!: 'access';
  @ApiProperty({ type: AccessScopeDto })
  scope!: AccessScopeDto;
  @ApiProperty({
    type: 'array',
    items: {
      oneOf: [
        { $ref: '#/components/schemas/ReviewedRightDto' },
        { $ref: '#/components/schemas/ReviewedTokenDto' },
      ],
    },
  })
  lines!: readonly (ReviewedRightDto | ReviewedTokenDto)[];
}

export class PeriodicContentDto implements ContentOf<'periodic'> {
  @ApiProperty({ enum: ['periodic'] })
  kind!: 'periodic';
  @ApiProperty({ type: PeriodicScopeDto })
  scope!: PeriodicScopeDto;
  @ApiProperty({ type: [PeriodicLineDto] })
  lines!: readonly PeriodicLineDto[];
}

export class TrailContentDto implements ContentOf<'trail'> {
  @ApiProperty({ enum: ['trail'] })
  kind!: 'trail';
  @ApiProperty({ type: TrailScopeDto })
  scope!: TrailScopeDto;
  @ApiProperty({
    type: 'array',
    items: {
      oneOf: [
        { $ref: '#/components/schemas/TypeLineDto' },
        { $ref: '#/components/schemas/ActorLineDto' },
        { $ref: '#/components/schemas/ChangeLineDto' },
      ],
    },
  })
  lines!: readonly (TypeLineDto | ActorLineDto | ChangeLineDto)[];
}

export class ReviewerDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty()
  name!: string;
}

export class DecidedLineDto implements Decision {
  @ApiProperty({ description: 'Counted from 1' })
  line!: number;
  @ApiProperty({ enum: ['keep', 'revoke'] })
  decision!: 'keep' | 'revoke';
  @ApiProperty({ type: ReviewerDto })
  by!: ReviewerDto;
  @ApiPropertyOptional()
  comment?: string;
}

class ClosedDeviationDto implements ClosedDeviation {
  @ApiProperty({ description: 'Its number among the findings of the review, counted from 1' })
  finding!: number;
  @ApiProperty({ type: ReviewerDto })
  by!: ReviewerDto;
  @ApiProperty()
  at!: string;
  @ApiProperty({ description: 'The record elsewhere of what was done' })
  ticket!: string;
}

export class DeviationDto implements ShownDeviation {
  @ApiProperty({ description: 'Its number among the findings of the review, counted from 1' })
  finding!: number;
  @ApiProperty({ description: 'When it is to be closed' })
  due!: string;
  @ApiProperty({ description: 'Open though it was to be closed' })
  overdue!: boolean;
  @ApiProperty({ description: 'Whether that was said, to sinks as well' })
  escalated!: boolean;
  @ApiProperty({ type: ClosedDeviationDto, nullable: true, description: 'null: it is open' })
  closed!: ClosedDeviationDto | null;
}

export class FoundDto {
  @ApiProperty({ enum: ['note', 'deviation', 'verifier-result'] })
  kind!: Finding['kind'];
  @ApiProperty({ type: ReviewerDto })
  by!: ReviewerDto;
  @ApiProperty()
  at!: string;
  @ApiProperty()
  text!: string;
  @ApiPropertyOptional({ description: 'Of the event that it is about' })
  position?: string;
  @ApiPropertyOptional({ description: 'Of the record elsewhere' })
  ticket?: string;
  @ApiPropertyOptional({ description: 'Of a deviation: when it is to be closed; absent in older ones' })
  due?: string;
  @ApiPropertyOptional({ description: "Of a verifier's result: whether the history held" })
  passed?: boolean;
  @ApiPropertyOptional({ description: "Of a verifier's result: how many entries it verified" })
  entries?: string;
  @ApiPropertyOptional({ description: "Of a verifier's result: the root of the tree, SHA-256 in hex" })
  root?: string;
}
