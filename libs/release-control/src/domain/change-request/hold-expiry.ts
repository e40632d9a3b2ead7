import { ReleaseControlError } from '../errors.js';

/** What comes of a hold when its time is over: it stays and people are told, upstream decides again, or the snap is not served any more until somebody approves it anew. */
export const AT_EXPIRY = ['keep', 'release', 'block'] as const;

/** Until when a version is to be held, and what comes of it then: said with the version, and signed with it. */
export interface HoldExpiry {
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  readonly action: (typeof AT_EXPIRY)[number];
}

/** An end that nobody lives to see is none, and would be signed by fewer than a hold without an end. */
const LONGEST_HOLD_DAYS = 731;

export function sameExpiry(a: HoldExpiry | undefined, b: HoldExpiry | undefined): boolean {
  return a?.at === b?.at && a?.action === b?.action;
}

/** Why a hold is not to begin: its end has come. @param what is held, in words @param now RFC 3339 @returns undefined: it is ahead */
export function whyOver(what: string, { at }: HoldExpiry, now: string): string | undefined {
  if (Date.parse(at) > Date.parse(now)) return undefined;
  return `${what} would be held until ${at}, which is no time in the future: it is ${now}`;
}

/** @param now RFC 3339 @throws ReleaseControlError `invalid-items` */
export function checkExpiry(name: string, version: string | null, expiry: HoldExpiry, now: string): void {
  if (version === null)
    throw new ReleaseControlError('invalid-items', `${name} is given back to upstream: that has no end`);
  const over = whyOver(name, expiry, now);
  if (over !== undefined) throw new ReleaseControlError('invalid-items', over);
  if (Date.parse(expiry.at) - Date.parse(now) > LONGEST_HOLD_DAYS * 86_400_000)
    throw new ReleaseControlError(
      'invalid-items',
      `${name} would be held until ${expiry.at}: an end is at most two years ahead (${LONGEST_HOLD_DAYS} days); leave it out for a hold without one`,
    );
}
