import { ApiProperty, ApiPropertyOptional, type ApiPropertyOptions } from '@nestjs/swagger';
import type { Halt } from '../../domain/release-policy/events.js';
import { NamedSubjectDto } from '../../named-subject.dto.js';

/** What of a request is about halts: see `changes.dto.ts`. */

export class ResumeRingItemDto {
  @ApiProperty({ enum: ['resume-ring'] })
  kind!: 'resume-ring';
}

export class ResumeSnapItemDto {
  @ApiProperty({ enum: ['resume'] })
  kind!: 'resume';
  @ApiProperty()
  format!: string;
  @ApiProperty()
  name!: string;
}

class HaltDto implements Halt {
  @ApiProperty()
  id!: string;
  @ApiProperty()
  at!: string;
  @ApiProperty({ description: 'Who halted' })
  by!: string;
  @ApiProperty({ description: 'The beginning of their reason' })
  why!: string;
  @ApiPropertyOptional({
    type: [String],
    description: 'Ids of persons whose emergency was not ratified: they do not approve that it is resumed',
  })
  concerns?: readonly string[];
}

const HALTS: ApiPropertyOptions = { type: [HaltDto] };
const NO_HALTS: ApiPropertyOptions = { type: [HaltDto], maxItems: 0 };

export class RingHaltChangeDto {
  @ApiProperty({ enum: ['ring-halt'] })
  kind!: 'ring-halt';
  @ApiProperty(HALTS)
  old!: readonly Halt[];
  @ApiProperty(NO_HALTS)
  new!: readonly Halt[];
}

export class HaltChangeDto extends NamedSubjectDto {
  @ApiProperty({ enum: ['halt'] })
  kind!: 'halt';
  @ApiProperty(HALTS)
  old!: readonly Halt[];
  @ApiProperty(NO_HALTS)
  new!: readonly Halt[];
}

export class RingHaltMismatchDto {
  @ApiProperty({ enum: ['ring-halt'] })
  kind!: 'ring-halt';
  @ApiProperty(HALTS)
  expected!: readonly Halt[];
  @ApiProperty(HALTS)
  found!: readonly Halt[];
}

export class HaltMismatchDto extends NamedSubjectDto {
  @ApiProperty({ enum: ['halt'] })
  kind!: 'halt';
  @ApiProperty(HALTS)
  expected!: readonly Halt[];
  @ApiProperty(HALTS)
  found!: readonly Halt[];
}
