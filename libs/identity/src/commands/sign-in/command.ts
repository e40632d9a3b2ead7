import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { uuidv7, type Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { PasswordCheck, type RightComponents } from '../../credentials/password-check.js';
import { CREDENTIAL_RULES, type ReadCredentialRules } from '../../credentials/credential-rules.js';
import { givenToSignIn, type SignInComponents } from '../../credentials/typed-components.js';
import type { SecondFactorUse } from '../../domain/person/events.js';
import { requireYoungEnough, warnedToChangeBy } from '../../domain/person/password-age.js';
import { person, personStream } from '../../domain/person/person.js';
import { sessionEnd } from '../../domain/person/require-session.js';
import { hasSecondComponent } from '../../domain/person/second-factor.js';
import { People } from '../../people.js';
import { ownContext } from '../../service-context.js';
import type { SignedInPerson } from '../../sessions/session.js';
import { asRefusal } from '../../sessions/sign-in-refusal.js';
import { SessionTokens } from '../../sessions/session-token.js';

export interface SignedInAnswer {
  /** When the password has to be changed, if that is soon. */
  readonly changePasswordBy: string | null;
  readonly token: string;
  readonly person: SignedInPerson;
  readonly expiresAt: string;
}

export class SignIn extends Command<SignedInAnswer> {
  constructor(
    readonly login: string,
    readonly given: SignInComponents,
  ) {
    super();
  }
}

@CommandHandler(SignIn)
export class SignInHandler implements ICommandHandler<SignIn> {
  constructor(
    private readonly people: People,
    private readonly passwords: PasswordCheck,
    private readonly tokens: SessionTokens,
    @Inject(CREDENTIAL_RULES) private readonly rules: ReadCredentialRules,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ login, given }: SignIn): Promise<SignedInAnswer> {
    const id = await this.people.idOf(login);
    try {
      return await this.passwords.whenRight(id, givenToSignIn(given, id), hasSecondComponent, (right) =>
        this.open(login, right),
      );
    } catch (error) {
      throw asRefusal(error);
    }
  }

  private async open(
    login: string,
    { id, person: found, password, secondFactor, failuresBefore }: RightComponents,
  ): Promise<SignedInAnswer> {
    const { passwordDays } = await this.rules();
    const at = this.clock.now();
    requireYoungEnough(found, passwordDays, at);
    const session = uuidv7();
    const expiresAt = sessionEnd(at);
    const context = ownContext(id, found, await this.people.authOf('password'), at, {
      code: 'sign-in',
      text: `opened a session with login and password${secondWord(secondFactor)}`,
    });
    const proof = { password, secondFactor };
    const command = { type: 'SignIn', ...proof, session, expiresAt, failuresBefore, context } as const;
    await this.streams.decideAndAppend(person, personStream(id), command);
    const { name, roles } = found;
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
