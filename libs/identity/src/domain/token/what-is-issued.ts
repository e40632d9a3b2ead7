import type { Reason } from '#kernel';
import { SHORTEST_REASON } from '../authority.js';
import { IdentityError } from '../errors.js';
import { RING_NAME } from '../roles.js';
import type { TokenScope } from './events.js';

/** As long as a token may last: what runs without people is looked at once a year. */
export const LONGEST_TOKEN_DAYS = 366;
export const MOST_TOKEN_RINGS = 20;
const DAY_MS = 86_400_000;

const NAME = /^[a-z0-9][a-z0-9._-]{0,39}$/;

/** @throws IdentityError `invalid-name` */
export function requireTokenName(name: string): void {
  if (NAME.test(name)) return;
  throw new IdentityError(
    'invalid-name',
    'a token has a name of 1 to 40 characters: small letters, digits, ".", "_" and "-"',
  );
}

/** @throws IdentityError `reason-required` */
export function requireStandingReason({ code, text }: Reason): void {
  if (code.trim() !== '' && text.trim().length >= SHORTEST_REASON) return;
  throw new IdentityError(
    'reason-required',
    `say in at least ${SHORTEST_REASON} characters why whatever is done with the token will be done`,
  );
}

/** @throws IdentityError `invalid-token-scope` */
export function requireScope({ rings }: TokenScope): void {
  const good =
    rings.length > 0 && rings.length <= MOST_TOKEN_RINGS && rings.every((ring) => RING_NAME.test(ring));
  if (good && new Set(rings).size === rings.length) return;
  throw new IdentityError(
    'invalid-token-scope',
    `a token is for 1 to ${MOST_TOKEN_RINGS} rings, each named once; a ring's name has small letters, digits and "-"`,
  );
}

/** @throws IdentityError `invalid-token-scope` */
export function requireExpiry(expiresAt: string, at: string): void {
  const lasts = Date.parse(expiresAt) - Date.parse(at);
  if (lasts > 0 && lasts <= LONGEST_TOKEN_DAYS * DAY_MS) return;
  throw new IdentityError('invalid-token-scope', `a token lasts at most ${LONGEST_TOKEN_DAYS} days`);
}
