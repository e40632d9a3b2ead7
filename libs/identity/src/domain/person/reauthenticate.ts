import type { Reauthenticate } from './commands.js';
import type { PersonEvent } from './events.js';
import { recordFailures } from './lock-out.js';
import { requireProof } from './proof.js';
import { requireSession } from './require-session.js';
import { asksForBoth, given, hasSecondComponent } from './second-factor.js';
import type { Person } from './state.js';

/**
 * While the components were verified the person may have been reset, or the session ended. Of who has one component nothing but the wrong guesses before
 * goes into the history.
 *
 * A right password clears the count of wrong guesses of who has a second component only with it: otherwise whoever has the password would guess codes
 * without end. Where those before fill the measure, the person is locked out, and nothing was proved.
 * @throws IdentityError `not-signed-in`, `locked-out`, `wrong-password`, `password-required`, `second-component-required`, and as the components are refused
 */
export function reauthenticate(command: Reauthenticate, state: Person): readonly PersonEvent[] {
  const { session, purpose, password, secondFactor, failuresBefore, context } = command;
  const { at } = context;
  const { person } = requireSession(state, session, at);
  requireProof(person, command, asksForBoth(person, session, purpose, at), at);
  const two = hasSecondComponent(person);
  const everyComponent = !two || (password !== null && secondFactor !== null);
  const before = recordFailures(failuresBefore, everyComponent, person, at);
  const lockedOut = before.some(({ type }) => type === 'PersonLockedOut');
  if (!two || lockedOut) return before;
  const alone = password === null ? ({ alone: true } as const) : {};
  const data = { session, for: purpose.what, at, ...given(secondFactor), ...alone };
  return [...before, { type: 'PersonReauthenticated', data }];
}
