import { zoneOffset } from '#kernel';

/**
 * A time in which nothing takes effect in a ring but a halt; what is approved waits for its end. By the clocks of its zone: once, as `2026-12-20T18:00`, or
 * each week, as `fri 18:00`.
 */
export interface Freeze {
  readonly from: string;
  readonly to: string;
  /** IANA name, as `Europe/Zurich`. */
  readonly zone: string;
  readonly reason: string;
  /** Whether what is released in an emergency takes effect meanwhile, or is not released. */
  readonly emergencies: 'pass' | 'wait';
}

/** What freezes a ring at a moment. */
export interface Frozen {
  /** RFC 3339, UTC: from then on none of the ring's freezes is on, as far as is known now. */
  readonly until: string;
  /** Of each freeze that is on at the moment. */
  readonly why: string;
  readonly emergencies: Freeze['emergencies'];
}

/** Of one ring: more could be read by nobody who signs them. */
export const MOST_FREEZES = 20;
const LONGEST_REASON = 200;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WEEK_MINUTES = 7 * 24 * 60;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

type Period =
  | { readonly kind: 'once'; readonly from: string; readonly to: string }
  /** Minutes of the week, from Sunday 00:00. */
  | { readonly kind: 'weekly'; readonly from: number; readonly to: number };

/** Freezes follow on one another so often at most, before the answer is looked at again at the end of the last. */
const MOST_IN_A_ROW = 10;

/** What freezes the ring at a time, RFC 3339; null: nothing does. Freezes that overlap or meet are one. */
export function frozenAt(freezes: readonly Freeze[], at: string): Frozen | null {
  const moment = Date.parse(at);
  const on = freezes.filter((freeze) => endOf(freeze, moment) !== undefined);
  if (on.length === 0) return null;
  let until = moment;
  for (let turn = 0; turn < MOST_IN_A_ROW; turn++) {
    const ends = freezes.flatMap((freeze) => endOf(freeze, until) ?? []);
    if (ends.length === 0) break;
    until = Math.max(...ends);
  }
  return {
    until: new Date(until).toISOString(),
    why: on.map(({ reason }) => reason).join('; '),
    emergencies: on.some(({ emergencies }) => emergencies === 'wait') ? 'wait' : 'pass',
  };
}

/** What is wrong with a ring's freezes, in words; undefined for those that can be meant. */
export function freezesProblem(freezes: readonly Freeze[]): string | undefined {
  if (freezes.length > MOST_FREEZES) return `are ${freezes.length}: at most ${MOST_FREEZES}`;
  for (const freeze of freezes) {
    const wrong = problemWith(freeze);
    if (wrong !== undefined) return `from ${freeze.from} to ${freeze.to} ${wrong}`;
  }
  return undefined;
}

function problemWith({ from, to, zone, reason }: Freeze): string | undefined {
  if (reason.trim() === '' || reason.length > LONGEST_REASON)
    return `must say why, in at most ${LONGEST_REASON} characters`;
  try {
    zoneOffset('2026-01-01T00:00:00.000Z', zone);
  } catch {
    return `names no zone: "${zone}" must be one such as Europe/Zurich`;
  }
  const period = periodOf({ from, to });
  if (period === undefined)
    return 'must begin and end both at a day and time such as 2026-12-20T18:00, or both at a time of the week such as fri 18:00';
  if (period.kind === 'once') return period.from < period.to ? undefined : 'ends before it begins';
  return period.from === period.to
    ? 'would be on all week long: whoever wants that, halts the ring'
    : undefined;
}

/** The end of the freeze's turn that a moment lies in, in milliseconds since 1970; undefined: it lies in none. */
function endOf(freeze: Freeze, moment: number): number | undefined {
  const { zone } = freeze;
  return turnsAround(freeze, moment)
    .map(([from, to]) => [instantOf(from, zone, Math.min), instantOf(to, zone, Math.max)] as const)
    .find(([from, to]) => from <= moment && moment < to)?.[1];
}

/** Its turn, or of a weekly one the last that had begun on the moment's day and the one before, as local times. */
function turnsAround(freeze: Freeze, moment: number): readonly (readonly [from: number, to: number])[] {
  const period = periodOf(freeze);
  if (period === undefined) return [];
  if (period.kind === 'once') return [[Date.parse(`${period.from}Z`), Date.parse(`${period.to}Z`)]];
  const local = moment + offsetAt(moment, freeze.zone);
  const midnight = Math.floor(local / DAY_MS) * DAY_MS;
  const sunday = midnight - new Date(midnight).getUTCDay() * DAY_MS;
  const long = (period.to - period.from + WEEK_MINUTES) % WEEK_MINUTES;
  return [0, 1].map((weeksBefore) => {
    const begins = period.from - weeksBefore * WEEK_MINUTES;
    return [sunday + begins * MINUTE_MS, sunday + (begins + long) * MINUTE_MS];
  });
}

/** Where clocks are set a local time may be twice, or never: whoever asks says which of the two moments counts. */
function instantOf(local: number, zone: string, which: (...moments: number[]) => number): number {
  const candidates = [local - DAY_MS, local + DAY_MS].map((near) => local - offsetAt(near, zone));
  const meant = candidates.filter((moment) => moment + offsetAt(moment, zone) === local);
  return which(...(meant.length === 0 ? candidates : meant));
}

/** Milliseconds that the zone's clocks are ahead of UTC. */
function offsetAt(moment: number, zone: string): number {
  const offset = zoneOffset(new Date(moment).toISOString(), zone);
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d{2}):(\d{2})/.exec(offset) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}

const ONCE = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d$/;
const WEEKLY = /^(sun|mon|tue|wed|thu|fri|sat) ((?:[01]\d|2[0-3])):([0-5]\d)$/;

function periodOf({ from, to }: Pick<Freeze, 'from' | 'to'>): Period | undefined {
  if (isDayAndTime(from) && isDayAndTime(to)) return { kind: 'once', from, to };
  const [begins, ends] = [minuteOfWeek(from), minuteOfWeek(to)];
  return begins === undefined || ends === undefined ? undefined : { kind: 'weekly', from: begins, to: ends };
}

/** A day that its month does not have would be taken for another. */
function isDayAndTime(text: string): boolean {
  const moment = ONCE.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  return !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(text);
}

function minuteOfWeek(text: string): number | undefined {
  const [, day, hours, minutes] = WEEKLY.exec(text) ?? [];
  const number = DAYS.findIndex((each) => each === day);
  return number < 0 ? undefined : (number * 24 + Number(hours)) * 60 + Number(minutes);
}
