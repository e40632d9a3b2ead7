import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { ValidateIf } from 'class-validator';
import { IsRfc3339Time } from '#platform/http/is-time';
import type { ChangeWindow } from '../../domain/change-request/window.js';

/** Declares a member of a body that says when a change may take effect. */
export function IsTime(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ description, format: 'date-time' }),
    // Not null: it would be a time, of 1970.
    ValidateIf((_body, value) => value !== undefined),
    IsRfc3339Time(),
  );
}

/** In UTC, as the record has it. */
export function windowOf(body: { readonly notBefore?: string; readonly notAfter?: string }): ChangeWindow {
  return {
    ...(body.notBefore === undefined ? {} : { notBefore: utc(body.notBefore) }),
    ...(body.notAfter === undefined ? {} : { notAfter: utc(body.notAfter) }),
  };
}

/** @param time RFC 3339, as it was checked on its way in */
export function utc(time: string): string {
  return new Date(time).toISOString();
}
