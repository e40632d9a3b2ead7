import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, Min } from 'class-validator';

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

/** Cursors are base64url; the longest list has eight columns that order it. */
const CURSOR = /^[A-Za-z0-9_-]{1,4000}$/;
const MESSAGE = 'must be the next of an earlier page of this list';

/**
 * Declares where a page begins: `@IsAfter('people', /^[a-z]+$/) after?: string`. The route gets the place that the cursor names; a cursor of another list, and what is none, is
 * refused.
 * @param list as {@link pageOf} names it @param place what a place of this list looks like: cursors come from whoever asks
 * @param plain whether a place may be given as it is, too: where places are positions, which people know
 */
export function IsAfter(list: string, place: RegExp, plain = false): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: String, description: '`next` of the page before' }),
    IsOptional(),
    Transform(({ value }: { readonly value: unknown }) => {
      if (typeof value !== 'string' || (plain && place.test(value))) return value;
      // Whatever is no cursor of the list is no place of it either.
      return placeIn(list, value) ?? '\n';
    }),
    IsString({ message: MESSAGE }),
    Matches(place, { message: MESSAGE }),
  );
}

/** A page, of rows of which one more than its limit was asked for. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** What the next page comes after, opaque; null when this was the last one. */
  readonly next: string | null;
}

/**
 * A page of a list that is ordered by what its places say: what is added meanwhile moves nothing from one page to another.
 * @param list its name @param rows up to `limit` + 1 @param place of a row, as {@link IsAfter} gives it back
 */
export function pageOf<Row>(
  list: string,
  rows: readonly Row[],
  limit: number,
  place: (row: Row) => string,
): Page<Row> {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last !== undefined ? cursorOf(list, place(last)) : null };
}

function cursorOf(list: string, place: string): string {
  return Buffer.from(`${list}\n${place}`).toString('base64url');
}

/** What a cursor of the list names, as the list's query takes it; undefined for what is none. */
export function placeIn(list: string, cursor: string): string | undefined {
  if (!CURSOR.test(cursor)) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  return text.startsWith(`${list}\n`) ? text.slice(list.length + 1) : undefined;
}
