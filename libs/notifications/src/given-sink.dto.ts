import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { IsLeftOut } from '#platform/http/is-left-out';
import { ROLES, type Role } from '#identity/published';
import type { GivenTarget } from './domain/sinks/target.js';
import { TOPIC_NAMES, type Filter, type Topic } from './domain/sinks/topics.js';

export const GIVE_UP_AFTER_HOURS = 24;

/** What may be said of a sink when it is added, and later. */
export class GivenSinkDto {
  @ApiPropertyOptional({ example: 'holdfast@site.example', description: 'Of mail: the sender' })
  @IsLeftOut()
  @IsString()
  @MaxLength(300)
  from?: string;

  @ApiPropertyOptional({
    enum: ROLES,
    isArray: true,
    description: 'Of mail: whoever has one of these roles, in whatever ring, when it is sent',
  })
  @IsLeftOut()
  @IsArray()
  @IsIn(ROLES, { each: true })
  roles?: Role[];

  @ApiPropertyOptional({
    type: [String],
    example: ['qa@site.example'],
    description: 'Of mail: further addresses',
  })
  @IsLeftOut()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(300, { each: true })
  recipients?: string[];

  @ApiPropertyOptional({
    format: 'password',
    description: 'Of mail: user:password, where the server asks for it. Sealed, and never shown',
  })
  @IsLeftOut()
  @IsString()
  @MaxLength(1_000)
  credentials?: string;

  @ApiPropertyOptional({ enum: TOPIC_NAMES, isArray: true, description: 'What people ask to be told of' })
  @IsLeftOut()
  @IsArray()
  @IsIn(TOPIC_NAMES, { each: true })
  about?: Topic[];

  @ApiPropertyOptional({
    type: [String],
    example: ['OverrideSet'],
    description: 'Types of events, beside those',
  })
  @IsLeftOut()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  types?: string[];

  @ApiPropertyOptional({
    type: Number,
    minimum: 1,
    maximum: 720,
    description: `After so many hours an event that it does not take is given up; ${GIVE_UP_AFTER_HOURS} at first`,
  })
  @IsLeftOut()
  @IsInt()
  @Min(1)
  @Max(720)
  giveUpAfterHours?: number;
}

/** The filter that a body means; undefined where it says nothing of one. */
export function filterOf({ about, types }: GivenSinkDto): Filter | undefined {
  return about === undefined && types === undefined ? undefined : { about: about ?? [], types: types ?? [] };
}

/** What a body says of the target; what it does not say is not there. */
export function targetIn({ from, roles, recipients }: GivenSinkDto): Partial<Omit<GivenTarget, 'kind'>> {
  return {
    ...(from !== undefined && { from }),
    ...(roles !== undefined && { roles }),
    ...(recipients !== undefined && { recipients }),
  };
}
