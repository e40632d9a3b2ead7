import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { person as personKind, personStream } from '../domain/person/person.js';
import { notSignedIn, requireSession, sessionBegin } from '../domain/person/require-session.js';
import { rolesNow } from '../domain/person/roles-now.js';
import { endedUnused } from '../domain/person/unused-session.js';
import { hasSecondComponent, requireSecondComponent } from '../domain/person/second-factor.js';
import { CREDENTIAL_RULES, type ReadCredentialRules } from '../credentials/credential-rules.js';
import { People } from '../people.js';
import { controlContext } from '../service-context.js';
import { LastUses, type Unused } from './last-uses.js';
import type { Session } from './session.js';
import { SessionTokens, type SessionName } from './session-token.js';

@Injectable()
export class Sessions {
  constructor(
    private readonly tokens: SessionTokens,
    private readonly people: People,
    private readonly uses: LastUses,
    @Inject(CREDENTIAL_RULES) private readonly rules: ReadCredentialRules,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The session behind a token, which is used with it, with the person's name and roles as they are now. One that was not used for too long is over from now
   * on, whatever the clock says later.
   * @throws IdentityError `not-signed-in`; why, only where it was not used
   */
  async open(token: string): Promise<Session> {
    const named = this.tokens.open(token);
    if (!named) throw notSignedIn();
    const state = await this.people.load(named.person);
    const at = this.clock.now();
    const { person, expiresAt } = requireSession(state, named.session, at);
    const unused = await this.uses.note(named.session, { beganAt: sessionBegin(expiresAt), at });
    if (unused) return this.end(named, unused, at);
    const { login, name } = person;
    const roles = rolesNow(person);
    const auth = await this.people.authOf('session');
    return {
      id: named.session,
      person: { id: named.person, login, name, roles },
      expiresAt,
      secondComponent: hasSecondComponent(person),
      actor: { kind: 'person', id: named.person, name, roles, auth },
    };
  }

  /**
   * That what the session asks for is open to who has no second component; while the site is set up, everything is.
   * @throws IdentityError `second-component-missing`
   */
  async requireSecondComponent({ secondComponent, actor }: Session): Promise<void> {
    if (secondComponent || actor.auth === 'commissioning') return;
    requireSecondComponent((await this.rules()).secondComponent, secondComponent);
  }

  private async end({ person, session }: SessionName, unused: Unused, at: string): Promise<never> {
    const stream = personStream(person);
    const text = `nothing was asked in the session for ${unused.idleMinutes} minutes`;
    const context = controlContext(stream, at, { code: 'session-unused', text });
    const command = { type: 'EndUnusedSession', session, ...unused, context } as const;
    await this.streams.decideAndAppend(personKind, stream, command);
    throw endedUnused({ session, ...unused });
  }
}
