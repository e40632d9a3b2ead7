import { lasts, later } from '#kernel';
import { IdentityError } from '../errors.js';
import type { ActivePerson, Person } from './state.js';

/** How long a session is good for. */
const SESSION_HOURS = 8;

/** When a session ends that is opened at that moment. RFC 3339, UTC, both. */
export function sessionEnd(at: string): string {
  return later(at, SESSION_HOURS * 3_600_000);
}

/** Somebody in a session that is open. */
export interface InSession {
  readonly person: ActivePerson;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
}

/**
 * A session ends when it expires, when it is signed out of, when its person is disabled or reset, and when they change their password or, in another
 * session, enrol a second component.
 * @throws IdentityError `not-signed-in`, with nothing about why
 */
export function requireSession(state: Person, session: string, at: string): InSession {
  const expiresAt = state.status === 'active' ? state.sessions.get(session) : undefined;
  if (state.status !== 'active' || expiresAt === undefined) throw notSignedIn();
  if (!lasts(expiresAt, at, SESSION_HOURS * 3_600_000)) throw notSignedIn();
  return { person: state, expiresAt };
}

export function notSignedIn(): IdentityError {
  return new IdentityError('not-signed-in', 'sign in: there is no session, or it has ended');
}
