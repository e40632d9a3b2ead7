import { Inject, Injectable } from '@nestjs/common';
import { uuidv7, type Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { CREDENTIAL_RULES, type ReadCredentialRules } from '../../credentials/credential-rules.js';
import type { RightComponents } from '../../credentials/components.js';
import type { SecondFactorUse } from '../../domain/person/events.js';
import { requireYoungEnough, warnedToChangeBy } from '../../domain/person/password-age.js';
import { person, personStream } from '../../domain/person/person.js';
import { sessionEnd } from '../../domain/person/require-session.js';
import { signOnGiven } from '../../domain/person/single-sign-on.js';
import { People } from '../../people.js';
import { ownContext } from '../../service-context.js';
import type { SignedInPerson } from '../../sessions/session.js';
import { SessionTokens } from '../../sessions/session-token.js';

export interface SignedInAnswer {
  /** When the password has to be changed, if that is soon. */
  readonly changePasswordBy: string | null;
  readonly token: string;
  readonly person: SignedInPerson;
  readonly expiresAt: string;
}

/** Opens sessions for whose components were right. */
@Injectable()
export class OpenSession {
  constructor(
    private readonly people: People,
    private readonly tokens: SessionTokens,
    @Inject(CREDENTIAL_RULES) private readonly rules: ReadCredentialRules,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async open({
    id,
    person: found,
    password,
    signOn,
    secondFactor,
    failuresBefore,
  }: RightComponents): Promise<SignedInAnswer> {
    const { passwordDays } = await this.rules();
    const at = this.clock.now();
    if (signOn === null) requireYoungEnough(found, passwordDays, at);
    const session = uuidv7();
    const expiresAt = sessionEnd(at);
    const first = signOn === null ? 'login and password' : 'single sign-on';
    const context = ownContext(
      id,
      found,
      await this.people.authOf(signOn ? 'single-sign-on' : 'password'),
      at,
      {
        code: 'sign-in',
        text: `opened a session with ${first}${secondWord(secondFactor)}`,
      },
    );
    const proof = { password, secondFactor, ...signOnGiven(signOn) };
    const command = { type: 'SignIn', ...proof, session, expiresAt, failuresBefore, context } as const;
    await this.streams.decideAndAppend(person, personStream(id), command);
    const { login, name, roles } = found;
    return {
      token: this.tokens.seal({ person: id, session }),
      person: { id, login, name, roles },
      expiresAt,
      changePasswordBy: warnedToChangeBy(found, passwordDays, at),
    };
  }
}

function secondWord(use: SecondFactorUse | null): string {
  if (use === null) return '';
  return 'step' in use ? ' and a code' : ' and a security key';
}
