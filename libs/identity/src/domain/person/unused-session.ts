import { IdentityError } from '../errors.js';
import type { PersonEvent, SessionTimedOut } from './events.js';
import type { EndUnusedSession } from './session-commands.js';
import type { ActivePerson } from './state.js';

/**
 * Whether nothing was asked in a session for so long that it is over: its person may have left the desk (R28, 21 CFR 11.200(a)(1)(i)). By a clock that was set
 * back nobody can say how long it was; one that was in use is, and is counted anew.
 * @param lastUsedAt RFC 3339, UTC, as `at`
 */
export function isUnused(lastUsedAt: string, idleMinutes: number, at: string): boolean {
  return Date.parse(at) - Date.parse(lastUsedAt) >= idleMinutes * 60_000;
}

/** Once for each: whoever notices it next adds nothing. */
export function endUnusedSession(
  { session, lastUsedAt, idleMinutes }: EndUnusedSession,
  { sessions }: ActivePerson,
): readonly PersonEvent[] {
  if (!sessions.has(session)) return [];
  return [{ type: 'SessionTimedOut', data: { session, lastUsedAt, idleMinutes } }];
}

/** Told to nobody but who has the session. */
export function endedUnused({ lastUsedAt, idleMinutes }: SessionTimedOut['data']): IdentityError {
  return new IdentityError(
    'not-signed-in',
    `sign in again ("holdfast login"): nothing was asked in this session since ${lastUsedAt}, and the site ends one that is not used for ${idleMinutes} minutes`,
  );
}
