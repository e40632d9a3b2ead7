import type { PersonActor } from '#kernel';
import type { Role } from '../domain/roles.js';

/** How long a session is good for. */
export const SESSION_HOURS = 8;

/** A person as they are at this moment: roles are folded from the history for every request, never kept in a token. */
export interface SignedInPerson {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

export interface Session {
  readonly id: string;
  readonly person: SignedInPerson;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
  /** Who acts in a command given in this session. `commissioning` while the first admin still sets up the site. */
  readonly actor: PersonActor;
}

/** The actor of a command; `password` only when it was asked for and was right at this very command. */
export function personActor(session: Session, auth: PersonActor['auth'] = session.actor.auth): PersonActor {
  return { ...session.actor, auth };
}
