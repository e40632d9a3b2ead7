import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import type { ChangeWindow } from '../../domain/change-request/window.js';

/** With seconds and an offset: a time in nobody's zone would be a guess. */
const TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/** Declares a member of a body that says when a change may take effect. */
export function IsTime(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ description, format: 'date-time' }),
    IsOptional(),
    Matches(TIME, { message: 'must be a time with its offset, such as 2026-12-01T22:00:00+01:00' }),
  );
}

/** In UTC, as the record has it. */
export function windowOf(body: { readonly notBefore?: string; readonly notAfter?: string }): ChangeWindow {
  return {
    ...(body.notBefore === undefined ? {} : { notBefore: new Date(body.notBefore).toISOString() }),
    ...(body.notAfter === undefined ? {} : { notAfter: new Date(body.notAfter).toISOString() }),
  };
}
