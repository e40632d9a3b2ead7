import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PasswordCheck } from '../../credentials/password-check.js';
import { givenComponents, type TypedComponents } from '../../credentials/typed-components.js';
import { hasSecondComponent } from '../../domain/person/second-factor.js';
import { SignOnHolders } from '../../single-sign-on/sign-on-holders.js';
import { OpenSession, type SignedInAnswer } from '../sign-in/open-session.js';

export class SignInWithSignOn extends Command<SignedInAnswer> {
  constructor(
    readonly proof: string,
    readonly given: Omit<TypedComponents, 'password' | 'singleSignOn'>,
  ) {
    super();
  }
}

@CommandHandler(SignInWithSignOn)
export class SignInWithSignOnHandler implements ICommandHandler<SignInWithSignOn> {
  constructor(
    private readonly holders: SignOnHolders,
    private readonly passwords: PasswordCheck,
    private readonly sessions: OpenSession,
  ) {}

  /** Whom the provider named, who is bound to that: nobody is enrolled by it, and no role comes with it. */
  async execute({ proof, given }: SignInWithSignOn): Promise<SignedInAnswer> {
    const { id, signOn } = await this.holders.holding(proof);
    const components = { ...givenComponents(given, { for: 'sign-in', person: id }, null), signOn };
    return this.holders.refusing(signOn, () =>
      this.passwords.whenRight(id, components, hasSecondComponent, (right) => this.sessions.open(right)),
    );
  }
}
