import type { Reauthenticate } from './commands.js';
import type { PersonEvent } from './events.js';
import { recordFailures } from './lock-out.js';
import { requireProof } from './proof.js';
import { requireSession } from './require-session.js';
import { signOnAsksForBoth, signOnGiven } from './single-sign-on.js';
import { asksForBoth, given, hasSecondComponent } from './second-factor.js';
import type { Person } from './state.js';

/**
 * While the components were verified the person may have been reset, or the session ended.
 *
 * A right password clears the count of wrong guesses of who has a second component only with it: otherwise whoever has the password would guess codes
 * without end. Where those before fill the measure, the person is locked out, and nothing was proved.
 * @throws IdentityError `not-signed-in`, `locked-out`, `wrong-password`, `password-required`, `second-component-required`, `login-required`, and as the components are refused
 */
export function reauthenticate(command: Reauthenticate, state: Person): readonly PersonEvent[] {
  const { session, purpose, password, secondFactor, login, singleSignOn, failuresBefore, context } = command;
  const { at } = context;
  const { person } = requireSession(state, session, at);
  const both =
    signOnAsksForBoth(person, { asked: singleSignOn !== undefined, purpose }) ||
    asksForBoth(person, session, purpose, at);
  requireProof(person, command, both, at);
  const first = password !== null || singleSignOn !== undefined;
  const everySecret = first && (!hasSecondComponent(person) || secondFactor !== null);
  const before = recordFailures(failuresBefore, everySecret, person, at);
  if (before.some(({ type }) => type === 'PersonLockedOut')) return before;
  const alone = first ? {} : ({ alone: true } as const);
  const data = {
    session,
    for: purpose.what,
    at,
    ...given(secondFactor),
    ...(login ? ({ login } as const) : {}),
    ...signOnGiven(singleSignOn),
    ...alone,
  };
  return [...before, { type: 'PersonReauthenticated', data }];
}
