import { lasts, later } from '#kernel';
import { IdentityError } from '../errors.js';
import type { CountedFailures } from './commands.js';
import type { PersonEvent } from './events.js';
import type { ActivePerson } from './state.js';

/** So many wrong passwords in a row lock a person out (R24)... */
export const FAILURES_UNTIL_LOCK_OUT = 5;
/** ...for so long. */
export const LOCK_OUT_MINUTES = 15;

export function isLockedOut(person: ActivePerson, at: string): boolean {
  return person.lockedUntil !== null && lasts(person.lockedUntil, at, LOCK_OUT_MINUTES * 60_000);
}

/** @throws IdentityError `locked-out` */
export function requireNotLockedOut(person: ActivePerson, at: string): void {
  if (isLockedOut(person, at)) {
    throw new IdentityError('locked-out', `${person.name} is locked out until ${person.lockedUntil}`);
  }
}

/**
 * Puts counted failures into the history; the one that fills the measure locks out in the same append.
 * @param thenRight every component that the person has came after them, and was right: they count no more
 */
export function recordFailures(
  counted: CountedFailures | null,
  thenRight: boolean,
  person: ActivePerson,
  at: string,
): readonly PersonEvent[] {
  if (counted === null) return [];
  const inARow = person.failuresInARow + counted.failures;
  const failed: PersonEvent = { type: 'SignInFailed', data: { ...counted, inARow: thenRight ? 0 : inARow } };
  if (thenRight || inARow < FAILURES_UNTIL_LOCK_OUT || isLockedOut(person, at)) return [failed];
  const until = later(at, LOCK_OUT_MINUTES * 60_000);
  return [failed, { type: 'PersonLockedOut', data: { until, failures: inARow } }];
}
