import { ReleaseControlError } from '../errors.js';
import type { ChangeItem } from './change-item.js';
import type { ResolvedChange } from './events.js';

/** When a change may take effect, by the server's clock: part of what is signed. Times: RFC 3339, UTC, milliseconds. */
export interface ChangeWindow {
  /** Not before this: approved earlier, it is scheduled. */
  readonly notBefore?: string;
  /** Not after this: what is not in force by then expires. */
  readonly notAfter?: string;
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** @param at now @throws ReleaseControlError `invalid-window` */
export function checkWindow({ notBefore, notAfter }: ChangeWindow, at: string): void {
  for (const time of [notBefore, notAfter])
    if (time !== undefined && (!TIME.test(time) || Number.isNaN(Date.parse(time))))
      throw invalid(`"${time}" is no time in UTC with milliseconds`);
  if (notAfter === undefined) return;
  if (isAfter(at, notAfter)) throw invalid(`${notAfter} has passed already: it is ${at}`);
  if (notBefore !== undefined && !isAfter(notAfter, notBefore))
    throw invalid(`not before ${notBefore} and not after ${notAfter} leaves no time at all`);
}

/** Whether it may take effect as far as its earliest time is concerned. */
export function hasBegun({ notBefore }: ChangeWindow, at: string): boolean {
  return notBefore === undefined || !isAfter(notBefore, at);
}

/** What of a request bounds the time in which it may take effect. */
export interface Timed {
  readonly window: ChangeWindow;
  readonly items: readonly ChangeItem[];
  /** What the items were resolved to, once they are: a promotion carries on ends that no item names. */
  readonly changes?: readonly ResolvedChange[];
}

/** Its latest time, RFC 3339, UTC: a hold whose end has come is not to begin, so the end is such a time as well. Undefined: there is none. */
export function latestOf(request: Timed): string | undefined {
  const { notAfter } = request.window;
  return [...(notAfter === undefined ? [] : [notAfter]), ...allEndsOf(request)].sort()[0];
}

/** Whether its latest time has passed; at the end of a hold it has. */
export function isOver(request: Timed, at: string): boolean {
  const { notAfter } = request.window;
  if (notAfter !== undefined && isAfter(at, notAfter)) return true;
  return allEndsOf(request).some((end) => !isAfter(end, at));
}

function allEndsOf({ items, changes = [] }: Timed): readonly string[] {
  const carried = changes.flatMap((change) =>
    change.kind === undefined && change.new?.expiry ? [change.new.expiry.at] : [],
  );
  return [...endsOf(items), ...carried];
}

/** When the holds end that are asked for. */
export function endsOf(items: readonly ChangeItem[]): readonly string[] {
  return items.flatMap((item) => (item.kind === undefined && item.expiry ? [item.expiry.at] : []));
}

/**
 * What is to take effect by its latest time cannot be decided on after it.
 * @throws ReleaseControlError `too-late`
 */
export function requireInTime(request: Timed & { readonly id: string }, at: string): void {
  if (!isOver(request, at)) return;
  throw new ReleaseControlError(
    'too-late',
    `${request.id} was not to take effect after ${latestOf(request)}, which has passed: it expires`,
  );
}

function isAfter(a: string, b: string): boolean {
  return Date.parse(a) > Date.parse(b);
}

function invalid(message: string): ReleaseControlError {
  return new ReleaseControlError('invalid-window', message);
}
