import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PasswordCheck } from '../../credentials/password-check.js';
import { givenToSignIn, type SignInComponents } from '../../credentials/typed-components.js';
import { hasSecondComponent } from '../../domain/person/second-factor.js';
import { People } from '../../people.js';
import { asRefusal } from '../../sessions/sign-in-refusal.js';
import { OpenSession, type SignedInAnswer } from './open-session.js';

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
    private readonly sessions: OpenSession,
  ) {}

  async execute({ login, given }: SignIn): Promise<SignedInAnswer> {
    const id = await this.people.idOf(login);
    try {
      const who = id ?? { unknown: login };
      return await this.passwords.whenRight(who, givenToSignIn(given, id), hasSecondComponent, (right) =>
        this.sessions.open(right),
      );
    } catch (error) {
      throw asRefusal(error);
    }
  }
}
