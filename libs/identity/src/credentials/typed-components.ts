import { keyAnswer, type KeyAnswerDto } from '../security-keys/key-answer.dto.js';
import type { KeyPurpose } from '../security-keys/statement.js';
import type { GivenComponents } from './components.js';

/** What a person gives, as a request brings it. */
export interface TypedComponents {
  /** Beside the password, of who has no second component. */
  readonly login?: string | undefined;
  readonly password?: string | undefined;
  readonly code?: string | undefined;
  readonly securityKey?: KeyAnswerDto | undefined;
  /** What came of signing in at the identity provider, in place of the password. */
  readonly singleSignOn?: string | undefined;
}

/** To open a session, or to change the password: never without the one that there is. */
export interface SignInComponents extends TypedComponents {
  readonly password: string;
}

/** As they are checked. @param purpose what a security key has to have answered to @param session null before there is one */
export function givenComponents(
  { login, password, code, securityKey }: TypedComponents,
  purpose: KeyPurpose,
  session: string | null,
): GivenComponents {
  return { login, password, code, key: keyAnswer(securityKey, purpose, session) };
}

/** The same where no session is open. @param person null: nobody has the login, and nothing but the password is looked at */
export function givenToSignIn(typed: SignInComponents, person: string | null): GivenComponents {
  if (person === null) return { password: typed.password };
  return givenComponents(typed, { for: 'sign-in', person }, null);
}
