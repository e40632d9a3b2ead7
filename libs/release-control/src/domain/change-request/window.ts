import { ReleaseControlError } from '../errors.js';

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

/** Whether its latest time has passed. */
export function isOver({ notAfter }: ChangeWindow, at: string): boolean {
  return notAfter !== undefined && isAfter(at, notAfter);
}

/**
 * What is to take effect by its latest time cannot be decided on after it.
 * @throws ReleaseControlError `too-late`
 */
export function requireInTime(
  { id, window }: { readonly id: string; readonly window: ChangeWindow },
  at: string,
): void {
  if (!isOver(window, at)) return;
  throw new ReleaseControlError(
    'too-late',
    `${id} was not to take effect after ${window.notAfter}, which has passed: it expires`,
  );
}

function isAfter(a: string, b: string): boolean {
  return Date.parse(a) > Date.parse(b);
}

function invalid(message: string): ReleaseControlError {
  return new ReleaseControlError('invalid-window', message);
}
