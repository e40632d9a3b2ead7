import { Inject, Injectable } from '@nestjs/common';
import { lasts, type Clock } from '#kernel';
import { CLOCK } from '#platform/tokens';
import { IdentityError } from '../domain/errors.js';
import { People } from '../people.js';
import { SESSION_HOURS, type Session } from './session.js';
import { SessionTokens } from './session-token.js';

@Injectable()
export class Sessions {
  constructor(
    private readonly tokens: SessionTokens,
    private readonly people: People,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The session behind a token, with the person's name and roles as they are now. A session ends when it expires, when it is signed
   * out of, and when the person is disabled.
   * @throws IdentityError `not-signed-in`, with nothing about why
   */
  async open(token: string): Promise<Session> {
    const named = this.tokens.open(token);
    const person = named && (await this.people.load(named.person));
    if (!named || person?.status !== 'active') throw notSignedIn();
    const expiresAt = person.sessions.get(named.session);
    if (expiresAt === undefined || !lasts(expiresAt, this.clock.now(), SESSION_HOURS * 3_600_000))
      throw notSignedIn();
    const { login, name, roles } = person;
    const auth = await this.people.authOf('session');
    return {
      id: named.session,
      person: { id: named.person, login, name, roles },
      expiresAt,
      actor: { kind: 'person', id: named.person, name, roles, auth },
    };
  }
}

export function notSignedIn(): IdentityError {
  return new IdentityError('not-signed-in', 'sign in: there is no session, or it has ended');
}
