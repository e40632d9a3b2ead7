import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Length, Matches } from 'class-validator';
import { IsRfc3339Time } from '#platform/http/is-time';
import { IsAfter } from '#platform/http/page';
import type { AuditFilter } from './audit-filter.js';

const NO_CONTROL_CHARACTER = /^\P{Cc}*$/u;
const WORDS = { message: 'must have no control characters' };

export class AuditFilterDto implements AuditFilter {
  @IsAfter('audit', /^[0-9]{1,18}$/, true)
  after?: string;

  @ApiPropertyOptional({ description: 'Id or name of the person or service' })
  @IsOptional()
  @Length(1, 200)
  @Matches(NO_CONTROL_CHARACTER, WORDS)
  actor?: string;

  @ApiPropertyOptional({ example: 'ChangeApproved' })
  @IsOptional()
  @Length(1, 200)
  @Matches(NO_CONTROL_CHARACTER, WORDS)
  type?: string;

  @ApiPropertyOptional({ example: 'change-request/CR-2026-0042' })
  @IsOptional()
  @Length(1, 500)
  @Matches(NO_CONTROL_CHARACTER, WORDS)
  stream?: string;

  @ApiPropertyOptional({ description: "The reason's code", example: 'security-fix' })
  @IsOptional()
  @Length(1, 200)
  @Matches(NO_CONTROL_CHARACTER, WORDS)
  reason?: string;

  @ApiPropertyOptional({ description: "What the reason's text contains, whatever the case" })
  @IsOptional()
  @Length(1, 200)
  @Matches(NO_CONTROL_CHARACTER, WORDS)
  text?: string;

  @ApiPropertyOptional({
    description: 'The ticket that the reason, or what is recorded, names',
    example: 'CHG-4711',
  })
  @IsOptional()
  @Length(1, 200)
  @Matches(NO_CONTROL_CHARACTER, WORDS)
  ticket?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Not before' })
  @IsOptional()
  @IsRfc3339Time()
  from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Before' })
  @IsOptional()
  @IsRfc3339Time()
  to?: string;
}
