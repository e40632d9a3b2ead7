import { later } from '#kernel';
import { IdentityError } from '../errors.js';
import type { ActivePerson } from './state.js';

const DAY_MS = 86_400_000;
/** How long before a password has to be changed its person is told. */
export const WARNED_DAYS = 14;

/** When the password has to be changed; null where passwords do not age. @param days how old one may get; 0: as old as it likes */
export function changeBy(person: ActivePerson, days: number): string | null {
  if (days === 0 || person.passwordSetAt === null) return null;
  return later(person.passwordSetAt, days * DAY_MS);
}

/** The same from when its person is to be told. */
export function warnedToChangeBy(person: ActivePerson, days: number, at: string): string | null {
  const by = changeBy(person, days);
  return by !== null && Date.parse(by) - Date.parse(at) <= WARNED_DAYS * DAY_MS ? by : null;
}

/**
 * A password that is too old is good for being changed, and for nothing else (R24: 21 CFR 11.300(b)).
 * @throws IdentityError `password-aged`
 */
export function requireYoungEnough(person: ActivePerson, days: number, at: string): void {
  const by = changeBy(person, days);
  if (by === null || Date.parse(at) < Date.parse(by)) return;
  throw new IdentityError(
    'password-aged',
    `the password had to be changed by ${by}: "holdfast password ${person.login} --change" changes it`,
  );
}
