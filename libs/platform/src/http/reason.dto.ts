import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsDefined, IsObject, IsOptional, IsString, Length, Matches, ValidateNested } from 'class-validator';
import type { Reason } from '#kernel';

/** "updated" is no reason (R04). */
export const SHORTEST_REASON = 10;
const LONGEST_REASON = 2_000;

const trimmed = () =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value));

/** Why something is done: asked for with every command, through every door. */
export class ReasonDto implements Reason {
  @ApiProperty({
    description: 'Its kind: a word that the site chooses',
    example: 'security-fix',
    pattern: '^[a-z][a-z0-9-]{1,39}$',
  })
  @Matches(/^[a-z][a-z0-9-]{1,39}$/, { message: 'must be a word of small letters, digits and "-"' })
  code!: string;

  @ApiProperty({
    description: "The person's own words",
    minLength: SHORTEST_REASON,
    maxLength: LONGEST_REASON,
  })
  @trimmed()
  @IsString()
  @Length(SHORTEST_REASON, LONGEST_REASON, {
    message: `must say why in at least ${SHORTEST_REASON} characters, and at most ${LONGEST_REASON}`,
  })
  text!: string;

  @ApiPropertyOptional({
    description: 'A record elsewhere',
    example: 'CHG-2042',
    minLength: 1,
    maxLength: 200,
  })
  @IsOptional()
  @trimmed()
  @IsString()
  @Length(1, 200)
  ticket?: string;
}

/** Declares the member `reason` of a body: `@IsReason() reason!: ReasonDto`. */
export function IsReason(): PropertyDecorator {
  return applyDecorators(
    ApiProperty({ type: ReasonDto }),
    IsDefined({ message: 'say why' }),
    IsObject({ message: 'must be an object with code and text' }),
    ValidateNested(),
    Type(() => ReasonDto),
  );
}

/** The body of a command that takes nothing but a reason. */
export class ReasonOnlyDto {
  @IsReason()
  reason!: ReasonDto;
}

class StandingDto {
  @ApiProperty({ description: "The token's id", format: 'uuid' })
  token!: string;

  @ApiProperty({ description: "The token's name" })
  name!: string;
}

/** A reason as the record has it. */
export class RecordedReasonDto implements Reason {
  @ApiProperty()
  code!: string;

  @ApiProperty()
  text!: string;

  @ApiPropertyOptional()
  ticket?: string;

  @ApiPropertyOptional({
    type: StandingDto,
    description: 'The token whose standing reason it is: registered beforehand, not given for this act',
  })
  standing?: StandingDto;
}
