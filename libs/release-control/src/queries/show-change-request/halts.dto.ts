import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';

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

const HALTS: ApiPropertyOptions = { type: [String], description: 'Ids of the halts' };
const NO_HALTS: ApiPropertyOptions = { type: [String], maxItems: 0 };

export class RingHaltChangeDto {
  @ApiProperty({ enum: ['ring-halt'] })
  kind!: 'ring-halt';
  @ApiProperty(HALTS)
  old!: readonly string[];
  @ApiProperty(NO_HALTS)
  new!: readonly string[];
}

export class HaltChangeDto {
  @ApiProperty({ enum: ['halt'] })
  kind!: 'halt';
  @ApiProperty()
  format!: string;
  @ApiProperty()
  subject!: string;
  @ApiProperty()
  name!: string;
  @ApiProperty(HALTS)
  old!: readonly string[];
  @ApiProperty(NO_HALTS)
  new!: readonly string[];
}

export class RingHaltMismatchDto {
  @ApiProperty({ enum: ['ring-halt'] })
  kind!: 'ring-halt';
  @ApiProperty(HALTS)
  expected!: readonly string[];
  @ApiProperty(HALTS)
  found!: readonly string[];
}

export class HaltMismatchDto {
  @ApiProperty({ enum: ['halt'] })
  kind!: 'halt';
  @ApiProperty()
  format!: string;
  @ApiProperty()
  subject!: string;
  @ApiProperty()
  name!: string;
  @ApiProperty(HALTS)
  expected!: readonly string[];
  @ApiProperty(HALTS)
  found!: readonly string[];
}
