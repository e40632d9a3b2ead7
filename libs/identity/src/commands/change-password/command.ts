import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { uuidv7, type Clock } from '#kernel';
import type { StreamWriter } from '#platform/decide-and-append';
import { CLOCK, STREAM_WRITER } from '#platform/tokens';
import { Credentials } from '../../credentials/credentials.js';
import type { RightComponents } from '../../credentials/components.js';
import { PasswordCheck } from '../../credentials/password-check.js';
import { requireAnotherPassword, requireGoodPassword } from '../../credentials/password-quality.js';
import { person, personStream } from '../../domain/person/person.js';
import { sessionEnd } from '../../domain/person/require-session.js';
import { hasSecondComponent } from '../../domain/person/second-factor.js';
import { givenToSignIn, type SignInComponents } from '../../credentials/typed-components.js';
import { People } from '../../people.js';
import { ownContext } from '../../service-context.js';
import { asRefusal } from '../../sessions/sign-in-refusal.js';
import { SessionTokens } from '../../sessions/session-token.js';
import type { SignedInAnswer } from '../sign-in/open-session.js';

export class ChangePassword extends Command<SignedInAnswer> {
  constructor(
    readonly login: string,
    readonly given: SignInComponents,
    readonly newPassword: string,
  ) {
    super();
  }
}

/** Without a session: one that is open may be somebody else's by now, and who has an aged password has none. */
@CommandHandler(ChangePassword)
export class ChangePasswordHandler implements ICommandHandler<ChangePassword> {
  constructor(
    private readonly people: People,
    private readonly passwords: PasswordCheck,
    private readonly credentials: Credentials,
    private readonly tokens: SessionTokens,
    @Inject(STREAM_WRITER) private readonly streams: StreamWriter,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ login, given, newPassword }: ChangePassword): Promise<SignedInAnswer> {
    requireGoodPassword(newPassword, login);
    requireAnotherPassword(newPassword, given.password);
    const id = await this.people.idOf(login);
    try {
      const who = id ?? { unknown: login };
      return await this.passwords.whenRight(who, givenToSignIn(given, id), hasSecondComponent, (right) =>
        this.change(login, newPassword, right),
      );
    } catch (error) {
      throw asRefusal(error);
    }
  }

  private async change(
    login: string,
    newPassword: string,
    { id, person: found, password, secondFactor, failuresBefore }: RightComponents,
  ): Promise<SignedInAnswer> {
    const credential = await this.credentials.make(id, newPassword);
    const at = this.clock.now();
    const session = uuidv7();
    const expiresAt = sessionEnd(at);
    const context = ownContext(id, found, await this.people.authOf('password'), at, {
      code: 'password-change',
      text: 'changed the password, with the one before',
    });
    const proof = { password, secondFactor };
    const command = { ...proof, credential, session, expiresAt, failuresBefore, context };
    await this.streams.decideAndAppend(person, personStream(id), { type: 'ChangePassword', ...command });
    const { name, roles } = found;
    return {
      token: this.tokens.seal({ person: id, session }),
      person: { id, login, name, roles },
      expiresAt,
      changePasswordBy: null,
    };
  }
}
