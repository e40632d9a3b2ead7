import { lasts, later } from '#kernel';
import { IdentityError } from '../errors.js';
import type { ActivePerson, Person } from './state.js';
import { endedUnused } from './unused-session.js';

/** How long a session is good for, where it is used. */
const SESSION_HOURS = 8;

/** When a session ends that is opened at that moment. RFC 3339, UTC, both. */
export function sessionEnd(at: string): string {
  return later(at, SESSION_HOURS * 3_600_000);
}

/** When it began. RFC 3339, UTC, both. */
export function sessionBegin(expiresAt: string): string {
  return later(expiresAt, -SESSION_HOURS * 3_600_000);
}

/** Somebody in a session that is open. */
export interface InSession {
  readonly person: ActivePerson;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
}

/**
 * A session ends when it expires, when it was not used for too long, when it is signed out of, when its person is disabled or reset, and when they change their password or, in another
 * session, enrol a second component.
 * @throws IdentityError `not-signed-in`; why, only where it was not used
 */
export function requireSession(state: Person, session: string, at: string): InSession {
  if (state.status !== 'active') throw notSignedIn();
  const expiresAt = state.sessions.get(session);
  if (expiresAt === undefined) {
    throw state.timedOut?.session === session ? endedUnused(state.timedOut) : notSignedIn();
  }
  if (!lasts(expiresAt, at, SESSION_HOURS * 3_600_000)) throw notSignedIn();
  return { person: state, expiresAt };
}

export function notSignedIn(): IdentityError {
  return new IdentityError('not-signed-in', 'sign in: there is no session, or it has ended');
}
