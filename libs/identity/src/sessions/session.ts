import type { PersonActor } from '#kernel';
import type { HeldRole } from '../domain/roles.js';

/** A person as they are at this moment: roles are folded from the history for every request, never kept in a token. */
export interface SignedInPerson {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly roles: readonly HeldRole[];
}

export interface Session {
  readonly id: string;
  readonly person: SignedInPerson;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
  /** Whether the person has one. */
  readonly secondComponent: boolean;
  /** Who acts in a command given in this session. `commissioning` while the first admin still sets up the site. */
  readonly actor: PersonActor;
}

/**
 * The actor of a command that the password was asked for and right at: with the roles of that moment, not of when the request arrived. A request may
 * have waited long for its turn.
 */
export function personActor(
  session: Session,
  { auth, roles }: Pick<PersonActor, 'auth' | 'roles'>,
): PersonActor {
  return { ...session.actor, auth, roles };
}
