import { CliError } from '../cli-error.js';

const UNITS = { d: 86_400_000, h: 3_600_000 } as const;

/** `7d`, `12h` before now, or a time that is given. @returns RFC 3339, UTC @throws CliError `usage` */
export function sinceTime(text: string, now: Date): string {
  const [, count, unit] = /^([1-9][0-9]{0,3})([dh])$/.exec(text) ?? [];
  const ms =
    count === undefined ? timeIn(text) : now.getTime() - Number(count) * (unit === 'd' ? UNITS.d : UNITS.h);
  if (Number.isNaN(ms))
    throw new CliError('usage', `"${text}" is no time: 7d, 12h, or such as 2026-11-26T12:00:00Z`);
  return new Date(ms).toISOString();
}

/** A time that somebody gives, with its offset. @returns RFC 3339, UTC @throws CliError `usage` */
export function givenTime(text: string): string {
  const ms = timeIn(text);
  if (Number.isNaN(ms))
    throw new CliError(
      'usage',
      `"${text}" is no time with its offset, such as 2026-12-01T22:00+01:00 or 2026-12-01T21:00:00Z`,
    );
  return new Date(ms).toISOString();
}

/** A date alone would be a time in nobody's zone. NaN also for a day that its month does not have, which would be taken for another. */
function timeIn(text: string): number {
  const [, date] = /^([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9:.]{5,16}(?:Z|[+-][0-9]{2}:[0-9]{2})$/.exec(text) ?? [];
  return date !== undefined && isDay(date) ? Date.parse(text) : Number.NaN;
}

function isDay(date: string): boolean {
  const ms = Date.parse(date);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
}
