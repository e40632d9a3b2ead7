import { ValidateBy, type ValidationArguments } from 'class-validator';

const PARTS =
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})[Tt](?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2})(?:\.\d{1,9})?(?:[Zz]|[+-](?<offsetHour>\d{2}):(?<offsetMinute>\d{2}))$/;

/** The first year that databases and calendars agree on, and the last that four digits write. */
const YEARS = { first: 1, last: 9999 } as const;

/**
 * What is wrong with a time of RFC 3339, in words that follow "must be"; undefined: nothing is. Stricter than a parser, which takes 30 February for 2 March, 24:00
 * for the next day, and what has no offset for its own zone. A leap second (23:59:60) is refused as well: no clock here has it, and it would be another second.
 */
export function faultOfTime(value: unknown): string | undefined {
  const parts = typeof value === 'string' ? PARTS.exec(value)?.groups : undefined;
  if (typeof value !== 'string' || !parts)
    return 'a time of RFC 3339, with seconds and its offset, such as 2026-11-22T12:48:14Z or 2026-11-22T13:48:14+01:00';
  const number = (part: string) => Number(parts[part] ?? 0);
  const [year, month] = [number('year'), number('month')];
  const days = month >= 1 && month <= 12 ? daysIn(year, month) : 0;
  if (number('day') < 1 || number('day') > days) return `a day that there is: ${value.slice(0, 10)} is none`;
  if (number('second') === 60) return 'without a leap second: give the second before or after it';
  if (number('hour') > 23 || number('minute') > 59 || number('second') > 59)
    return `a time of day from 00:00:00 to 23:59:59: ${value.slice(11, 19)} is none`;
  if (number('offsetHour') > 23 || number('offsetMinute') > 59)
    return `with an offset from -23:59 to +23:59: ${value.slice(-6)} is none`;
  const utc = new Date(value.toUpperCase()).getUTCFullYear();
  if (utc < YEARS.first || utc > YEARS.last)
    return `in UTC in the years ${String(YEARS.first).padStart(4, '0')} to ${YEARS.last}`;
  return undefined;
}

/**
 * Declares a member that takes a time of RFC 3339, with its offset. The refusal says what is wrong with it.
 * @param orDay it may be a day as well, such as 2027-03-31: its beginning in UTC
 */
export function IsRfc3339Time({ orDay = false } = {}): PropertyDecorator {
  const fault = (value: unknown) =>
    faultOfTime(orDay && typeof value === 'string' && DAY.test(value) ? `${value}T00:00:00Z` : value);
  return ValidateBy({
    name: 'isRfc3339Time',
    validator: {
      validate: (value: unknown) => fault(value) === undefined,
      defaultMessage: (given?: ValidationArguments) =>
        `must be ${fault(given?.value) ?? 'a time'}${orDay ? '; or a day that there is, such as 2027-03-31, at whose beginning in UTC it ends' : ''}`,
    },
  });
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function daysIn(year: number, month: number): number {
  // Of a year below 100 the constructor would make one of the twentieth century.
  const first = new Date(0);
  first.setUTCFullYear(year, month, 0);
  return first.getUTCDate();
}
