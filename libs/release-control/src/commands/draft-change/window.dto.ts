import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Matches, ValidateIf } from 'class-validator';
import { ReleaseControlError } from '../../domain/errors.js';
import type { ChangeWindow } from '../../domain/change-request/window.js';

/** With seconds and an offset: a time in nobody's zone would be a guess. */
export const TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/** Declares a member of a body that says when a change may take effect. */
export function IsTime(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ description, format: 'date-time' }),
    // Not null: it would be a time, of 1970.
    ValidateIf((_body, value) => value !== undefined),
    Matches(TIME, { message: 'must be a time with its offset, such as 2026-12-01T22:00:00+01:00' }),
  );
}

/** In UTC, as the record has it. */
export function windowOf(body: { readonly notBefore?: string; readonly notAfter?: string }): ChangeWindow {
  return {
    ...(body.notBefore === undefined ? {} : { notBefore: utc(body.notBefore) }),
    ...(body.notAfter === undefined ? {} : { notAfter: utc(body.notAfter) }),
  };
}

/** @throws ReleaseControlError `invalid-window` for a day that its month does not have, which would be taken for another */
export function utc(time: string): string {
  const [, day = ''] = /^\d{4}-\d{2}-(\d{2})/.exec(time) ?? [];
  const month = new Date(`${time.slice(0, 8)}01T00:00:00Z`);
  const days = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 0)).getUTCDate();
  if (Number(day) > days) throw new ReleaseControlError('invalid-window', `there is no day such as ${time}`);
  return new Date(time).toISOString();
}
