import type { Reauthenticate } from './commands.js';
import type { PersonEvent } from './events.js';
import { recordFailures } from './lock-out.js';
import { requireProof } from './proof.js';
import { requireSession } from './require-session.js';
import { asksForCode, given } from './second-factor.js';
import type { Person } from './state.js';

/**
 * While the components were verified the person may have been reset, or the session ended. Of who has one component nothing but the wrong guesses before
 * goes into the history.
 *
 * A right password clears the count of wrong guesses of who has a second component only with a code: otherwise whoever has the password would guess codes
 * without end. Where those before fill the measure, the person is locked out, and nothing was proved.
 * @throws IdentityError `not-signed-in`, `locked-out`, `wrong-password`, `second-component-required`, `wrong-code`
 */
export function reauthenticate(command: Reauthenticate, state: Person): readonly PersonEvent[] {
  const { session, purpose, secondFactor, failuresBefore, context } = command;
  const { at } = context;
  const { person } = requireSession(state, session, at);
  requireProof(person, command, asksForCode(person, session, purpose, at), at);
  const everyComponent = person.secondFactor === null || secondFactor !== null;
  const before = recordFailures(failuresBefore, everyComponent, person, at);
  const lockedOut = before.some(({ type }) => type === 'PersonLockedOut');
  if (person.secondFactor === null || lockedOut) return before;
  const data = { session, for: purpose.what, at, ...given(secondFactor) };
  return [...before, { type: 'PersonReauthenticated', data }];
}
