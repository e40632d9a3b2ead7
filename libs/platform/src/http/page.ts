import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** Declares how many lines a page of a list may have: `@IsLimit(USUAL, MOST) limit?: number`. @param usual what the route takes where it is absent */
export function IsLimit(usual: number, most: number): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: Number, default: usual, maximum: most }),
    IsOptional(),
    Type(() => Number),
    IsInt(),
    Min(1),
    Max(most),
  );
}

/** A page, of rows of which one more than its limit was asked for. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** What the next page comes after; null when this was the last one. */
  readonly next: string | null;
}

/** @param rows up to `limit` + 1 @param place of a row, as `after` of the next request names it */
export function pageOf<Row>(rows: readonly Row[], limit: number, place: (row: Row) => string): Page<Row> {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last !== undefined ? place(last) : null };
}
