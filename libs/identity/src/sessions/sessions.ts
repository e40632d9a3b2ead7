import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '#kernel';
import { CLOCK } from '#platform/tokens';
import { notSignedIn, requireSession } from '../domain/person/require-session.js';
import { rolesNow } from '../domain/person/roles-now.js';
import { People } from '../people.js';
import type { Session } from './session.js';
import { SessionTokens } from './session-token.js';

@Injectable()
export class Sessions {
  constructor(
    private readonly tokens: SessionTokens,
    private readonly people: People,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The session behind a token, with the person's name and roles as they are now.
   * @throws IdentityError `not-signed-in`, with nothing about why
   */
  async open(token: string): Promise<Session> {
    const named = this.tokens.open(token);
    if (!named) throw notSignedIn();
    const state = await this.people.load(named.person);
    const { person, expiresAt } = requireSession(state, named.session, this.clock.now());
    const { login, name } = person;
    const roles = rolesNow(person);
    const auth = await this.people.authOf('session');
    return {
      id: named.session,
      person: { id: named.person, login, name, roles },
      expiresAt,
      actor: { kind: 'person', id: named.person, name, roles, auth },
    };
  }
}
