import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsISO8601, IsOptional, IsRFC3339, Length, Matches } from 'class-validator';
import { IsAfter } from '#platform/http/page';
import type { AuditFilter } from './audit-filter.js';

const NO_CONTROL_CHARACTER = /^\P{Cc}*$/u;
const WORDS = { message: 'must have no control characters' };
const TIME = { message: 'must be a time such as 2026-11-22T12:48:14Z (RFC 3339)' };

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

  @ApiPropertyOptional({ format: 'date-time', description: 'Not before' })
  @IsOptional()
  @IsRFC3339(TIME)
  @IsISO8601({ strict: true }, TIME)
  from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Before' })
  @IsOptional()
  @IsRFC3339(TIME)
  @IsISO8601({ strict: true }, TIME)
  to?: string;
}
